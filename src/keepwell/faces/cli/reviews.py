"""Commands on business reviews: the decks of a whole book in one run."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from keepwell.access.queries import users
from keepwell.drafting.slides import paper, powerpoint
from keepwell.faces import clock, reviewing
from keepwell.faces.cli.common import OPERATOR
from keepwell.kernel.errors import Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.outcomes.queries import deck_templates

app = typer.Typer(no_args_is_help=True)
Day = Annotated[str, typer.Option(help="YYYY-MM-DD; left out, the ninety days and one that ended yesterday.")]


@app.command("decks")
def decks(
    into: Annotated[Path, typer.Argument(help="The folder that the files go into; it is made.")],
    owner: Annotated[str, typer.Option(help="Only the book of this colleague, by e-mail address.")] = "",
    account: Annotated[list[str] | None, typer.Option(help="Only this account; may be given again.")] = None,
    since: Day = "",
    until: Day = "",
    pdf: Annotated[bool, typer.Option(help="PDF instead of PowerPoint.")] = False,
    template: Annotated[
        Path | None, typer.Option(help="A company's own PowerPoint file, for its layouts.")
    ] = None,
) -> None:
    """Make the decks of a book of accounts, one file each."""
    now, first, last = clock.now(), _day(since), _day(until)
    asked = reviewing.period(since=first, until=last, today=now.date())
    paper_of = template.read_bytes() if template else deck_templates.content()
    into.mkdir(parents=True, exist_ok=True)
    keys = account or accounts.book(seen_by=OPERATOR, owner_id=users.by_email(owner).pk if owner else None)
    refused: list[tuple[str, str]] = []
    with typer.progressbar(keys, label="Decks", width=30) as shown:
        for key in shown:
            try:
                deck = reviewing.deck(account=key, asked=asked, seen_by=OPERATOR, today=now.date())
            except Refused as why:
                refused.append((key, str(why)))
                continue
            made = paper.pdf(deck, at=now) if pdf else powerpoint.pptx(deck, template=paper_of)
            name = re.sub(r"[^A-Za-z0-9_.-]+", "-", key)
            (into / f"{name}-review-{asked.until}.{'pdf' if pdf else 'pptx'}").write_bytes(made)
    typer.echo(f"{len(keys) - len(refused)} decks of {asked.since} to {asked.until} in {into}.")
    for key, said in refused:
        typer.echo(f"{key}: {said}", err=True)
    if refused:
        raise typer.Exit(1)


def _day(text: str) -> date | None:
    return parse_day(text) if text else None
