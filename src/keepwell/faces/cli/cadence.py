"""Commands on cadence: whom nobody met as often as is asked, one account, what is declared."""

from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.health.queries import portfolio
from keepwell.kernel import tomls
from keepwell.plays.queries import account_cadence, cadence_book, cadences

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def listing(
    state: Annotated[str, typer.Option(help="late, kept, unknown or unasked.")] = "late",
    limit: int = 50,
    as_json: AsJson = False,
) -> None:
    """Accounts in a state, the largest first; broken ones unless another is asked for."""
    of = portfolio.whose(portfolio.ALL, seen_by=OPERATOR)
    found = cadence_book.page(of=of, state=state, seen_by=OPERATOR, day=clock.now().date(), limit=limit)
    told = []
    for one in found:
        shown = one.standing.broken[0] if one.standing.broken else one.standing.next
        rule = "" if shown is None else cadences.rule_said(shown.duty)
        due = "" if shown is None or shown.due is None else shown.due.isoformat()
        told.append((one.key, one.standing.state, rule, due))
    if as_json:
        print_json([dict(zip(("account", "state", "rule", "due"), row, strict=True)) for row in told])
        return
    print_table(("account", "state", "rule", "due"), told)


@app.command()
def show(account: str) -> None:
    """What is due for an account, and the outputs of its phase."""
    found = account_cadence.find(key=account, seen_by=OPERATOR, day=clock.now().date())
    rules = [
        (cadences.rule_said(one.duty), str(one.last or ""), str(one.due or ""), "yes" if one.kept else "no")
        for one in found.standing.verdicts
    ]
    print_table(("rule", "last", "due", "kept"), rules)
    made = [(one.output, one.title, str(one.due or ""), one.how) for one in found.outputs]
    print_table(("output", "title", "due", "state"), made)


@app.command()
def declared() -> None:
    """What is declared, as TOML that a practice pack takes as cadence.toml."""
    typer.echo(tomls.written(cadences.in_force().written))
