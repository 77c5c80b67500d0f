"""Commands on advocacy: whom one may ask, who was asked."""

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.health.queries import portfolio
from keepwell.outcomes.queries import advocacy, advocates

app = typer.Typer(no_args_is_help=True)
PEOPLE = ("account", "person", "reasons", "not_now", "points", "proof")
ASKS = ("ask", "account", "person", "kind", "asked_on", "answer", "outcome")


@app.command()
def suggestions(
    limit: int = 50, kind: str = "", account: str = "", also_barred: bool = False, as_json: AsJson = False
) -> None:
    """Whom one may ask to speak for us, the best first: perhaps for a kind, at one account, also who may not be asked now."""
    of = portfolio.whose(portfolio.ALL, seen_by=OPERATOR)
    found = advocates.of_book(
        of=of, seen_by=OPERATOR, day=clock.now().date(), kind=kind, account=account, also_barred=also_barred
    )[:limit]
    rows = [
        (
            one.account,
            one.person,
            " ".join(one.reasons),
            " ".join(one.bars),
            str(one.points),
            one.proof or "none",
        )
        for one in found
    ]
    if as_json:
        print_json([dict(zip(PEOPLE, row, strict=True)) for row in rows])
        return
    print_table(PEOPLE, rows)


@app.command()
def asks(state: str = "", account: str = "", as_json: AsJson = False) -> None:
    """Who was asked, the latest first: all, or open, yes, later, no, never, came."""
    of = portfolio.whose(portfolio.ALL, seen_by=OPERATOR)
    found = advocacy.each(of=of, seen_by=OPERATOR, state=state, account=account)
    rows = [
        (str(one.id), one.account, one.person, one.kind, one.asked_on.isoformat(), one.answer, one.outcome)
        for one in found
    ]
    if as_json:
        print_json([dict(zip(ASKS, row, strict=True)) for row in rows])
        return
    print_table(ASKS, rows)
