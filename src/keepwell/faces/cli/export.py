"""The command that hands everything out in open formats."""

from pathlib import Path
from typing import Annotated

import typer

from keepwell.ledger.queries import export as exports


def export(
    folder: Annotated[
        Path, typer.Argument(help="A folder that does not exist yet or is empty.", file_okay=False)
    ],
) -> None:
    """Write all facts into a folder: one CSV a table, and the events as Parquet."""
    for line in exports.everything(folder=folder):
        typer.echo(line)
