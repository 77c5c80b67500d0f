"""Commands on what is measured: the catalogue, and the metrics that the company defines."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.faces import asked, clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table, read_table
from keepwell.metrics.actions import definitions
from keepwell.metrics.queries import catalogue

app = typer.Typer(no_args_is_help=True)
File = Annotated[
    Path, typer.Argument(help="TOML or JSON with slug, title, unit, sentence, unknown_when and measure.")
]


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """Every metric, with what is computed."""
    found = catalogue.all_metrics()
    if as_json:
        print_json([catalogue.definition(metric.slug).definition for metric in found])
        return
    rows = [(m.slug, m.group, "Keepwell" if m.builtin else "defined here", m.words) for m in found]
    print_table(("metric", "group", "by", "what is computed"), rows)


@app.command()
def show(slug: str) -> None:
    """One metric as it is defined, as JSON."""
    print_json(catalogue.definition(slug).definition)


@app.command()
def save(file: File) -> None:
    """Define a metric, or define it otherwise, from a file. Its history follows with the next run."""
    metric = definitions.save(
        definition=read_table(file, "slug, title and measure"), by=OPERATOR, at=clock.now()
    )
    typer.echo(f"{metric.title}: {metric.words}")


@app.command()
def preview(file: File) -> None:
    """What the metric of a file would say of each account today; nothing is kept."""
    rows = asked.defined(
        definition=read_table(file, "slug, title and measure"), as_of=clock.today(), seen_by=OPERATOR
    )
    print_table(
        ("account", "name", "value"),
        [
            (row.account, row.name, str(row.unknown) if row.value is None else f"{row.value:g}")
            for row in rows
        ],
    )


@app.command()
def retire(slug: str) -> None:
    """Compute a defined metric no more."""
    definitions.retire(slug=slug, by=OPERATOR, at=clock.now())
    typer.echo(f"{slug} is retired.")
