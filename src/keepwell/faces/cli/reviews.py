"""Commands on business reviews: the decks of a whole book, as files here or as a run that a colleague finds on the page."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from keepwell.access.queries import scopes, users
from keepwell.access.scopes import Scope
from keepwell.drafting.slides import paper, powerpoint
from keepwell.faces import clock, reviewing
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.faces.jobs import decking
from keepwell.kernel.errors import Refused
from keepwell.kernel.moments import parse_day
from keepwell.ledger.queries import accounts
from keepwell.outcomes.actions import deck_runs as deeds
from keepwell.outcomes.queries import deck_runs, deck_templates

app = typer.Typer(no_args_is_help=True)
For = Annotated[str, typer.Option("--for", help="The colleague whose run it is, by e-mail address.")]
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


@app.command("run")
def run(
    whose: For,
    of: Annotated[str, typer.Option(help="mine, all (that they see) or segment:SLUG.")] = "mine",
    since: Day = "",
    until: Day = "",
    pdf: Annotated[bool, typer.Option(help="PDF instead of PowerPoint.")] = False,
    into: Annotated[Path | None, typer.Option(help="Copy the file here as well.")] = None,
) -> None:
    """Make the decks of a colleague's book in one run, and wait for it; it stands on their page of decks."""
    now, by = clock.now(), _as(whose)
    title, keys = reviewing.chosen(of, seen_by=by)
    asked = reviewing.period(since=_day(since), until=_day(until), today=now.date())
    number = deeds.ask(
        keys=keys, whose=title, since=asked.since, until=asked.until, form="pdf" if pdf else "pptx", by=by, at=now
    )  # fmt: skip
    decking.run(run_id=number)
    found = deck_runs.find(run_id=number, seen_by=by)
    for key, said in found.refused:
        typer.echo(f"{key}: {said}", err=True)
    if not found.place:
        typer.echo(f"Run {number}: {found.error or found.state}", err=True)
        raise typer.Exit(1)
    if into is not None:
        shutil.copyfile(decking.path(found.place), into)
    typer.echo(f"Run {number}: {found.total - len(found.refused)} decks of {found.since} to {found.until}.")


@app.command("runs")
def runs(whose: For, as_json: AsJson = False) -> None:
    """The latest runs of a colleague."""
    found = deck_runs.lately(seen_by=_as(whose))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            str(one.id), one.whose, f"{one.since} to {one.until}", one.form, one.state, f"{one.done}/{one.total}",
            str(len(one.refused)), one.error,
        )
        for one in found
    ]  # fmt: skip
    print_table(("run", "whose", "of", "form", "state", "done", "refused", "error"), rows)


@app.command("stop")
def stop(number: Annotated[int, typer.Argument(help="The run, as `review runs` says.")], whose: For) -> None:
    """Make no further deck of a run."""
    deeds.stop(run_id=number, by=_as(whose), at=clock.now())
    typer.echo(f"Run {number} is stopped.")


def _as(email: str) -> Scope:
    return scopes.of_user(users.by_email(email), through="command line")


def _day(text: str) -> date | None:
    return parse_day(text) if text else None
