"""Are the files there that a version names? One look at each, before it is read."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from keepwell.ledger.lake import table
from keepwell.ledger.lake.damage import ADVICE, Damaged, LakeDamaged

NAMED = 3


def require(files: pl.DataFrame) -> None:
    """Refuse to go on when files of the present version are missing or cut short; folders only."""
    if not table.is_local():
        return
    bad = [found for row in files.iter_rows(named=True) if (found := outside(row))]
    if bad:
        more = f" and {len(bad) - NAMED} more" if len(bad) > NAMED else ""
        told = "; ".join(str(found) for found in bad[:NAMED])
        raise LakeDamaged(
            "The lake is damaged: %(told)s%(more)s. %(advice)s", told=told, more=more, advice=ADVICE
        )


def outside(row: Mapping[str, Any]) -> Damaged | None:
    """What is wrong with a file in a folder as far as its name and size tell."""
    try:
        size = Path(row["uri"]).stat().st_size
    except FileNotFoundError:
        return damaged(row, "is missing")
    stated = row["size_bytes"]
    return None if size == stated else damaged(row, f"has {size:,} bytes instead of {stated:,}")


def damaged(row: Mapping[str, Any], problem: str) -> Damaged:
    """A row of `reading.files`, with what is wrong with it."""
    return Damaged(row["path"], problem, row["num_records"], _day(row["min.at"]), _day(row["max.at"]))


def _day(moment: datetime | None) -> str:
    return "an unknown day" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
