"""What the commands share: who asks, and how answers are printed."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from keepwell.access.scopes import system
from keepwell.kernel.errors import Invalid

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


def read_table(file: Path, holds: str) -> dict[str, Any]:
    """The table in a TOML or JSON file; `holds` says what should be in it, for whoever wrote something else."""
    try:
        text = file.read_text(encoding="utf-8")
        found = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as failure:
        raise Invalid(
            "%(file)s cannot be read: %(strerror)s.", file=file, strerror=failure.strerror
        ) from None
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise Invalid("%(file)s is no TOML or JSON: %(failure)s.", file=file, failure=str(failure)) from None
    if not isinstance(found, dict):
        raise Invalid("%(file)s must be a table with %(holds)s.", file=file, holds=holds)
    return found
