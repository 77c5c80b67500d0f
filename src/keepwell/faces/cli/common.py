"""What the commands share: who asks, and how answers are printed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Annotated, Any

import typer

from keepwell.access.scopes import system

OPERATOR = system(through="command line")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def plain(value: Any) -> Any:
    """A value that JSON can hold."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def print_json(value: Any) -> None:
    """Print JSON with days and moments in ISO 8601."""
    typer.echo(json.dumps(value, indent=2, default=_other, ensure_ascii=False))


def _other(value: Any) -> Any:
    found = plain(value)
    return found if found is not value else (value.isoformat() if hasattr(value, "isoformat") else str(value))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns as wide as they need."""
    widths = [max(len(line[i]) for line in [headings, *rows]) for i in range(len(headings))]
    for line in [headings, *rows]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
