"""Apache Spark: the same frames on a cluster that reads the lake's files from a place that it shares with us."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import narwhals as nw
import polars as pl
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from keepwell.kernel import errors
from keepwell.kernel.plans import Question
from keepwell.ledger.engines.dialect import Frame
from keepwell.ledger.schema import SCHEMA

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# On one machine nobody else need reach the driver, and few tasks do.
ALONE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
}


@cache
def session(master: str) -> SparkSession:
    """The one session with a master; it lasts as long as this process. All else is Spark's own configuration."""
    builder = SparkSession.builder.master(master).appName("keepwell")
    alone = master.startswith("local") or master.startswith("spark://127.0.0.1")
    for name, value in (SETTINGS | (ALONE if alone else {})).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class Spark:
    """The dialect of Spark."""

    name = "spark"
    at_once = 4

    def __init__(self, master: str) -> None:
        self.master = master

    def scan(self, files: Sequence[str]) -> Frame:
        """The events of some of the lake's files, lazily."""
        if any("://" in file for file in files):
            raise errors.Invalid("The Spark engine reads a lake in a folder; object storage is for polars.")
        schema = from_arrow_schema(SCHEMA)
        known = session(self.master)
        if not files:
            return _spoken(known.createDataFrame([], schema))
        return _spoken(known.read.schema(schema).parquet(*files))

    def frame_of(self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Frame:
        """A frame of a few rows from here."""
        rows = nw.from_dict(columns, schema=schema, backend="pyarrow").to_native()
        return _spoken(session(self.master).createDataFrame(rows.to_pylist(), from_arrow_schema(rows.schema)))

    def keyed(self, frame: Frame) -> Frame:
        """With `id` as 32 hexadecimal digits."""
        return _spoken(_native(frame).withColumn("id", F.lower(F.hex("id"))))

    def terms(self, frame: Frame, names: Mapping[str, str]) -> Frame:
        """With these entries of the JSON in `props` as text columns."""
        paths = {column: F.get_json_object("props", f"$['{name}']") for column, name in names.items()}
        return _spoken(_native(frame).withColumns(paths))

    def days(self, frame: Frame, names: Sequence[str]) -> Frame:
        """With these text columns as dates."""
        dates = {name: F.try_to_date(F.col(name), "yyyy-MM-dd") for name in names}
        return _spoken(_native(frame).withColumns(dates))

    @contextmanager
    def held(self, frames: Mapping[str, Frame]) -> Iterator[dict[str, Frame]]:
        """The same frames, cached in the cluster."""
        cached = {name: _native(frame).cache() for name, frame in frames.items()}
        try:
            yield {name: _spoken(frame) for name, frame in cached.items()}
        finally:
            for frame in cached.values():
                frame.unpersist()

    def few(
        self, question: Question, frames: Mapping[str, Frame], *about: Hashable
    ) -> AbstractContextManager[dict[str, Frame]]:
        """What a question makes of these rows, cached in the cluster."""
        return self.held(question(frames, *about))

    def collected(self, frame: Frame) -> pl.DataFrame:
        """The rows, here."""
        found = pl.DataFrame(_native(frame).toArrow())
        moments = [name for name, kind in found.schema.items() if kind == pl.Datetime]
        return found.with_columns(pl.col(moments).dt.convert_time_zone("UTC"))


def _spoken(native: Any) -> Frame:
    frame: Frame = nw.from_native(native)
    return frame


def _native(frame: Frame) -> DataFrame:
    native: DataFrame = frame.to_native()
    return native
