"""Columns that are too many to hold: kept in files in the order of their rows, read one at a time."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Columns:
    """A folder of files with the same columns, whose rows follow each other."""

    folder: Path

    def add(self, rows: pl.DataFrame) -> None:
        """Keep more rows."""
        self.folder.mkdir(parents=True, exist_ok=True)
        count = sum(1 for _ in self.folder.iterdir())
        rows.write_parquet(self.folder / f"{count:06}.parquet")

    def read(self, name: str) -> pl.Series:
        """One column of all rows."""
        files = sorted(self.folder.iterdir())
        return pl.concat([pl.read_parquet(file, columns=[name]) for file in files])[name]
