"""Commands about rows of facts."""

import sys
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.intake import kinds, objects
from keepwell.intake.actions import records as deeds
from keepwell.intake.queries import records as queries
from keepwell.pipeline import actions as pipeline

rows = typer.Typer(no_args_is_help=True)

Kind = Annotated[
    str, typer.Argument(help="A kind of row: tickets, milestones, invoices …; `records kinds` lists them.")
]
SHOWN_FIELDS = 5


@rows.command("kinds")
def list_kinds(as_json: AsJson = False) -> None:
    """Every kind of row and what one row of it is."""
    kept = [kind for kind in kinds.KINDS.values() if kind.store is not None]
    if as_json:
        print_json(
            [{"kind": k.slug, "title": k.title, "fields": [field.slug for field in k.fields]} for k in kept]
        )
    else:
        print_table(("kind", "one row is"), [(kind.slug, kind.help) for kind in kept])


@rows.command("list")
def list_rows(
    kind: Kind,
    account: Annotated[str, typer.Option(help="Only rows of the account with this key.")] = "",
    search: Annotated[str, typer.Option(help="Only rows with this text.")] = "",
    after: Annotated[str, typer.Option(help="Go on after the row with this key.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 100,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="All of them as a file that the import takes unchanged.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rows of a kind, by key."""
    if as_csv:
        for line in queries.as_csv(kind=kind, seen_by=OPERATOR, account=account, search=search):
            sys.stdout.write(line)
        return
    page = queries.page(kind=kind, seen_by=OPERATOR, account=account, search=search, after=after, limit=limit)
    if as_json:
        print_json({"items": [objects.given(record) for record in page.items], "next": page.next})
        return
    fields = [field.slug for field in kinds.find(kind).fields][:SHOWN_FIELDS]
    print_table(
        fields, [[objects.cell(record.values[slug])[:40] for slug in fields] for record in page.items]
    )
    if page.next:
        typer.echo(f"More: --after {page.next}")


@rows.command("remove")
def remove(kind: Kind, key: Annotated[str, typer.Argument(help="The row's key.")]) -> None:
    """Take one row away with what it said; asked as known before, that still counts."""
    deeds.remove(kind=kind, key=key, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"{key} is gone from {kind}.")
