"""What an engine says beside what Narwhals says for it."""

from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from keepwell.kernel.plans import Question

Frame = nw.LazyFrame[Any]


class Dialect(Protocol):
    """One engine. Frames go in and out as Narwhals lazy frames of that engine; answers are collected as Polars frames."""

    name: str
    at_once: int  # how many measures one question may hold before planning it costs more than answering it

    def __hash__(self) -> int: ...

    def scan(self, files: Sequence[str]) -> Frame:
        """The events of some of the lake's files, lazily, with the columns of `schema.SCHEMA`."""
        ...

    def frame_of(self, columns: Mapping[str, Sequence[Any]], schema: Mapping[str, Any]) -> Frame:
        """A frame of a few rows from here: links, retractions. `schema` has Narwhals types."""
        ...

    def keyed(self, frame: Frame) -> Frame:
        """With `id` as 32 hexadecimal digits, where the lake has 16 bytes."""
        ...

    def terms(self, frame: Frame, names: Mapping[str, str]) -> Frame:
        """With these entries of the JSON in `props` as text columns, by the column's name; null where one is missing.

        Reading never fails.
        """
        ...

    def days(self, frame: Frame, names: Sequence[str]) -> Frame:
        """With these text columns (YYYY-MM-DD) as dates; null where it is none."""
        ...

    def held(self, frames: Mapping[str, Frame]) -> AbstractContextManager[dict[str, Frame]]:
        """The same frames, computed once and kept for as long as the context lasts."""
        ...

    def few(
        self, question: Question, frames: Mapping[str, Frame], *about: Hashable
    ) -> AbstractContextManager[dict[str, Frame]]:
        """As `held(question(frames, *about))`, for few rows that are held: what is asked alike is planned once."""
        ...

    def collected(self, frame: Frame) -> pl.DataFrame:
        """The rows, here."""
        ...
