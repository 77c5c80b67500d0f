"""Commands on journeys: the path of one account, what is declared."""

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.health.queries import portfolio
from keepwell.kernel import tomls
from keepwell.outcomes.queries import account_journey, journey_book, journeys
from keepwell.outcomes.queries import onboarding as newcomers

app = typer.Typer(no_args_is_help=True)
FLOW = ("phase", "now", "entered", "left", "stalled", "median_days")
BEGAN = ("account", "since", "state", "days")
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


@app.command()
def book(weeks: int = 13, as_json: AsJson = False) -> None:
    """Who entered, left and stalls in each phase, over 4, 13, 26 or 52 weeks."""
    of = portfolio.whose(portfolio.ALL, seen_by=OPERATOR)
    found = journey_book.book(of=of, seen_by=OPERATOR, day=clock.now().date(), weeks=weeks)
    rows = [
        (
            one.phase,
            str(one.now),
            str(one.entered),
            str(one.left),
            str(one.stalled),
            str(one.time.median or ""),
        )
        for one in found.phases
    ]
    if as_json:
        print_json([dict(zip(FLOW, row, strict=True)) for row in rows])
        return
    print_table(FLOW, rows)


@app.command()
def onboarding(weeks: int = 52, as_json: AsJson = False) -> None:
    """How long customers who began within so many weeks take until first value; who is late first."""
    of = portfolio.whose(portfolio.ALL, seen_by=OPERATOR)
    found = newcomers.onboarding(of=of, seen_by=OPERATOR, day=clock.now().date(), weeks=weeks)
    rows = [(one.key, one.since.isoformat(), one.state, str(one.days)) for one in found.newcomers]
    if as_json:
        told = [dict(zip(BEGAN, row, strict=True)) for row in rows]
        print_json({"median_days": found.time.median, "newcomers": told})
        return
    print_table(BEGAN, rows)
