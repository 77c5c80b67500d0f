"""What a declared chart is, and the picture it gives."""

from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

Spec = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The figures behind a chart, as a person reads them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A drawn chart: what it says, how it looks, and the table behind it.

    `narrow_svg` is for phones, empty where the one drawing fits both.
    """

    slug: str
    title: str
    note: str
    svg: str
    narrow_svg: str
    table: Table


class Chart(Protocol):
    """A declared chart over a frame with `columns`.

    `note` says how to read it; `spec` is Vega-Lite for a width in pixels.
    """

    @property
    def slug(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def widths(self) -> tuple[int, int]: ...

    def __hash__(self) -> int: ...

    def title(self, frame: pl.DataFrame) -> str:
        """The finding, in a sentence."""

    def note(self, frame: pl.DataFrame) -> str:
        """How to read it, or nothing."""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """The drawing."""

    def table(self, frame: pl.DataFrame) -> Table:
        """The figures."""
