"""Commands on success plans: how they stand, one of them, write one, begin one, take a file of them."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table, read_table
from keepwell.kernel.errors import Invalid
from keepwell.outcomes import document, pieces
from keepwell.outcomes.actions import beginning, files
from keepwell.outcomes.actions import plans as deeds
from keepwell.outcomes.queries import book, plans

app = typer.Typer(no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="The account's key.")]


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="Only those that are none, draft, agreed or stale.")] = "",
    as_json: AsJson = False,
) -> None:
    """The accounts with the state of their plan."""
    found = list(book.each(seen_by=OPERATOR, day=clock.today(), state=state, search="", mine=None))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.key,
            one.state,
            f"{one.reached}/{one.objectives}",
            str(one.overdue),
            str(one.version or ""),
            one.name,
        )
        for one in found
    ]
    print_table(("account", "plan", "reached", "overdue", "version", "name"), rows)


@app.command()
def show(account: Account, as_json: AsJson = False) -> None:
    """A plan: its outcomes with where each indicator stands, and its steps."""
    found = plans.find(account=account, seen_by=OPERATOR, day=clock.today())
    if as_json:
        print_json({"account": account, "state": found.state, "plan": document.written(found.doc)})
        return
    typer.echo(f"{found.account_name}: {found.doc.vision}")
    told = [
        (objective.doc.title, each.doc.title, _figure(each.doc.baseline), _figure(each.stands.value),
         _figure(each.doc.target), each.verdict.status)
        for objective in found.objectives
        for each in objective.indicators
    ]  # fmt: skip
    print_table(("outcome", "indicator", "from", "now", "to", "stands"), told)
    steps = [
        (str(one.doc.due_date or ""), str(one.done_on or ""), one.ours, one.doc.title) for one in found.steps
    ]
    print_table(("due", "done", "ours", "step"), steps)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


@app.command()
def save(
    account: Account, file: Annotated[Path, typer.Argument(help="TOML or JSON, as the API has it.")]
) -> None:
    """Write the whole plan of an account; what the file leaves out is dropped."""
    doc = document.read(read_table(file, "a success plan"))
    deeds.save(account=account, doc=doc, by=OPERATOR, at=clock.now())
    typer.echo(f"The plan of {account} is written.")


@app.command()
def begin(
    account: Account, template: Annotated[str, typer.Option(help="The template's short name.")]
) -> None:
    """Begin a plan from a template, with today's figures as baselines."""
    beginning.from_template(account=account, slug=template, by=OPERATOR, at=clock.now())
    typer.echo(f"The plan of {account} is begun.")


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="CSV, a row for each piece of a plan.")]) -> None:
    """Write the plan of each account in a file; one that is refused is left as it was."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise Invalid("%(file)s cannot be read: %(failure)s", file=file, failure=failure) from None
    verdicts = files.put(rows=pieces.read_csv(text), by=OPERATOR, at=clock.now())
    print_table(
        ("account", "row", "outcome", "why"), [(v.account, str(v.row), v.outcome, v.reason) for v in verdicts]
    )
    if any(one.outcome == "rejected" for one in verdicts):
        raise typer.Exit(1)
