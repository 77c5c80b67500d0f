"""Polars: everything in this process, streamed."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import narwhals as nw
import polars as pl

from keepwell.kernel import plans
from keepwell.kernel.plans import Question
from keepwell.ledger import lake
from keepwell.ledger.engines.dialect import Frame


class Embedded:
    """The dialect of Polars."""

    name = "polars"
    at_once = 1000

    def scan(self, files: Sequence[str]) -> Frame:
        """The events of some of the lake's files, lazily."""
        return nw.from_native(lake.rows_of(files))

    def frame_of(self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Frame:
        """A frame of a few rows from here."""
        return nw.from_dict(columns, schema=schema, backend="polars").lazy()

    def keyed(self, frame: Frame) -> Frame:
        """With `id` as 32 hexadecimal digits."""
        return nw.from_native(_native(frame).with_columns(pl.col("id").bin.encode("hex")))

    def terms(self, frame: Frame, names: Mapping[str, str]) -> Frame:
        """With these entries of the JSON in `props` as text columns."""
        paths = {
            column: pl.col("props").str.json_path_match(f"$['{name}']") for column, name in names.items()
        }
        return nw.from_native(_native(frame).with_columns(**paths))

    def days(self, frame: Frame, names: Sequence[str]) -> Frame:
        """With these text columns as dates."""
        dates = [pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in names]
        return nw.from_native(_native(frame).with_columns(dates))

    @contextmanager
    def held(self, frames: Mapping[str, Frame]) -> Iterator[dict[str, Frame]]:
        """The same frames, in memory. One after the other: together they would hold what they share, the scan, whole."""
        yield {name: nw.from_native(_collected(frame).lazy()) for name, frame in frames.items()}

    @contextmanager
    def few(
        self, question: Question, frames: Mapping[str, Frame], *about: Hashable
    ) -> Iterator[dict[str, Frame]]:
        """What a question makes of few rows, in memory."""
        tables = {name: _native(frame).collect() for name, frame in frames.items()}
        found = plans.answered(question, tables, *about)
        yield {name: nw.from_native(rows.lazy()) for name, rows in found.items()}

    def collected(self, frame: Frame) -> pl.DataFrame:
        """The rows, here."""
        return _collected(frame)


def _native(frame: Frame) -> pl.LazyFrame:
    native: pl.LazyFrame = frame.to_native()
    return native


def _collected(frame: Frame) -> pl.DataFrame:
    return _native(frame).collect(engine="streaming")
