"""Commands on triage: what waits, the list of product gaps and what customers read of them, and the effect."""

from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.outcomes.actions import gap_wordings
from keepwell.outcomes.queries import shared_gaps
from keepwell.plays.queries import effects, gaps, library, triage

Gap = Annotated[str, typer.Argument(help="The gap's key, as `triage gaps` says.")]
app = typer.Typer(no_args_is_help=True)


@app.command("inbox")
def inbox(
    account: Annotated[str, typer.Option(help="Key of an account.")] = "",
    kind: Annotated[
        str, typer.Option(help="unknown, defect, question, training_request or product_gap.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Tickets that wait for triage, those of unknown kind first."""
    asked = triage.read(kind=kind, account=account)
    found = triage.page(asked=asked, seen_by=OPERATOR, limit=1000)
    if as_json:
        print_json(found)
        return
    lines = [
        (
            one.key,
            one.kind,
            "yes" if one.escalated else "no",
            one.account_key,
            f"{one.opened_at:%Y-%m-%d}",
            one.subject,
        )
        for one in found
    ]
    print_table(("ticket", "kind", "escalated", "account", "opened", "subject"), lines)


@app.command("gaps")
def ranked(as_json: AsJson = False) -> None:
    """Product gaps, the one that comes first on top."""
    found = gaps.ranked(seen_by=OPERATOR, at=clock.now())
    if as_json:
        print_json(found)
        return
    lines = [
        (
            one.key, one.status, f"{one.rank.points:.0f}", str(one.arr) if one.arr else "unknown", str(one.tickets),
            str(one.people), one.title,
        )
        for one in found
    ]  # fmt: skip
    print_table(("gap", "status", "points", "arr", "tickets", "people", "title"), lines)


@app.command("word")
def word(
    gap: Gap,
    words: Annotated[
        str, typer.Argument(help="What customers who asked read; empty: nothing any more.")
    ] = "",
) -> None:
    """Say what customers read of a product gap, or with no words that it is ours alone."""
    if words.strip():
        gap_wordings.write(gap=gap, words=words, by=OPERATOR, at=clock.now())
        said = shared_gaps.wording(gap=gap, seen_by=OPERATOR)
        typer.echo(f"Customers who asked for {gap} read: {said}")
    else:
        gap_wordings.drop(gap=gap, by=OPERATOR, at=clock.now())
        typer.echo(f"{gap} is ours alone.")


@app.command("words")
def words_(gap: Gap) -> None:
    """What customers who asked read of a product gap."""
    gaps.find(key=gap, seen_by=OPERATOR, at=clock.now())
    said = shared_gaps.wording(gap=gap, seen_by=OPERATOR)
    typer.echo(said or f"Nothing: {gap} is ours alone.")


@app.command("effect")
def effect(as_json: AsJson = False) -> None:
    """Tickets a week that reach the PM, and CSAT, before and after triage began."""
    found = effects.everything(seen_by=OPERATOR, at=clock.now())
    if as_json:
        print_json(found)
        return
    lines = [
        (
            one.account_key, one.began_on.isoformat(), _figure(one.load.before), _figure(one.load.after), one.load.why,
            _figure(one.content.before), _figure(one.content.after),
        )
        for one in found
    ]  # fmt: skip
    print_table(("account", "since", "before", "after", "why not", "csat before", "csat after"), lines)


@app.command("unmet")
def unmet(as_json: AsJson = False) -> None:
    """What was looked for in the library in vain within 90 days."""
    found = library.unmet(seen_by=OPERATOR, on=clock.now().date())
    if as_json:
        print_json(found)
        return
    print_table(
        ("words", "people", "last"), [(one.words, str(one.people), one.last.isoformat()) for one in found]
    )


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"
