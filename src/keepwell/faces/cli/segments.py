"""Commands on segments."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table, read_table
from keepwell.kernel.moments import parse_day
from keepwell.segments.actions import phases as phase_deeds
from keepwell.segments.actions import segments as deeds
from keepwell.segments.queries import phases, segments

app = typer.Typer(no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="TOML or JSON with title, sentence and condition.")]


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """The segments in force, with how many accounts are in each."""
    found = segments.everything(seen_by=OPERATOR)
    if as_json:
        print_json([vars(view) | {"arr": view.arr and str(view.arr)} for view in found])
        return
    rows = [(view.slug, str(view.members), str(view.unknown), view.words) for view in found]
    print_table(("segment", "accounts", "unknown", "accounts that belong"), rows)


@app.command()
def members(
    slug: str,
    as_of: Annotated[str | None, typer.Option(help="As of a past day, YYYY-MM-DD.")] = None,
    unknown: Annotated[bool, typer.Option(help="Those of which it cannot be told.")] = False,
    as_json: AsJson = False,
) -> None:
    """Who is in a segment, since when and why."""
    found = segments.members(
        slug=slug,
        seen_by=OPERATOR,
        state="unknown" if unknown else "member",
        as_of=None if as_of is None else parse_day(as_of),
        limit=1_000_000,
    )
    if as_json:
        print_json([vars(row) | {"arr": row.arr and str(row.arr)} for row in found])
        return
    print_table(
        ("account", "name", "since", "why"),
        [(row.key, row.name, row.since.isoformat(), "; ".join(row.because)) for row in found],
    )


@app.command()
def save(slug: str, file: File) -> None:
    """Say a segment, or say it otherwise, from a file. Its history follows with the next run."""
    told = read_table(file, "title and condition")
    saved = deeds.save(
        slug=slug,
        title=str(told.get("title", slug)),
        sentence=str(told.get("sentence", "")),
        condition=told.get("condition", {}),
        by=OPERATOR,
        at=clock.now(),
    )
    typer.echo(f"{saved.title}: {segments.find(slug=slug, seen_by=OPERATOR).words}.")


@app.command()
def preview(file: File) -> None:
    """For how many accounts the condition of a file would hold today; nothing is kept."""
    found = segments.preview(
        condition=read_table(file, "title and condition").get("condition", {}), seen_by=OPERATOR
    )
    typer.echo(f"{found.words}.")
    typer.echo(f"{found.members} of {found.customers} accounts; of {found.unknown} it cannot be told.")


@app.command("phases")
def phase_order(
    slugs: Annotated[list[str] | None, typer.Argument(help="Segments in the order of phases.")] = None,
) -> None:
    """The phases with how many accounts are in each; given segments become the phases, in their order."""
    if slugs:
        phase_deeds.declare(slugs=slugs, by=OPERATOR, at=clock.now())
    rows = [(row.phase, row.title, str(row.accounts)) for row in phases.counts(seen_by=OPERATOR)]
    print_table(("phase", "title", "accounts"), rows)


@app.command()
def retire(slug: str) -> None:
    """Ask a segment no more."""
    deeds.retire(slug=slug, by=OPERATOR, at=clock.now())
    typer.echo(f"{slug} is retired.")
