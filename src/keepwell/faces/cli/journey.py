"""Commands on journeys: the path of one account, what is declared."""

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.kernel import tomls
from keepwell.outcomes.queries import account_journey, journeys

app = typer.Typer(no_args_is_help=True)
COLUMNS = ("phase", "since", "until", "days", "expected", "by")


@app.command()
def show(account: str, as_json: AsJson = False) -> None:
    """The phases of an account with the days in each, and where it stands."""
    found = account_journey.find(key=account, seen_by=OPERATOR, day=clock.now().date())
    rows = [
        (
            one.phase, one.since.isoformat() if one.is_dated else "", one.until.isoformat() if one.until else "",
            str(one.days) if one.is_dated else "", "" if one.expected is None else str(one.expected), one.by,
        )
        for one in found.stays
    ]  # fmt: skip
    if as_json:
        print_json({"state": found.state, "path": [dict(zip(COLUMNS, row, strict=True)) for row in rows]})
        return
    print_table(COLUMNS, rows)
    print_table(("state", "frictions"), [(found.state, str(len(found.frictions)))])


@app.command()
def declared() -> None:
    """What is declared, as TOML that a practice pack takes as journey.toml."""
    typer.echo(tomls.written(journeys.in_force().written))
