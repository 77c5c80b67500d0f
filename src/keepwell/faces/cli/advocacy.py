"""Commands on advocacy: whom one may ask, who was asked."""

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.health.queries import portfolio
from keepwell.outcomes.queries import advocacy

app = typer.Typer(no_args_is_help=True)
PEOPLE = ("account", "person", "reasons", "points")
ASKS = ("ask", "account", "person", "kind", "asked_on", "answer", "outcome")


@app.command()
def suggestions(limit: int = 50, as_json: AsJson = False) -> None:
    """Whom one may ask to speak for us, the best first."""
    of = portfolio.whose(portfolio.ALL, seen_by=OPERATOR)
    found = advocacy.suggestions(of=of, seen_by=OPERATOR, day=clock.now().date())[:limit]
    rows = [(one.account, one.person, " ".join(one.reasons), str(one.points)) for one in found]
    if as_json:
        print_json([dict(zip(PEOPLE, row, strict=True)) for row in rows])
        return
    print_table(PEOPLE, rows)


@app.command()
def asks(state: str = "", as_json: AsJson = False) -> None:
    """Who was asked, the latest first: all, or open, yes, later, no, never, came."""
    found = advocacy.asks(of=portfolio.whose(portfolio.ALL, seen_by=OPERATOR), seen_by=OPERATOR, state=state)
    rows = [
        (str(one.id), one.account, one.person, one.kind, one.asked_on.isoformat(), one.answer, one.outcome)
        for one in found
    ]
    if as_json:
        print_json([dict(zip(ASKS, row, strict=True)) for row in rows])
        return
    print_table(ASKS, rows)
