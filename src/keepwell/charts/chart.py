"""What a declared chart is, and the picture it gives."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import polars as pl

Spec = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The figures behind a chart, as a person reads them.

    `told` says of each cell what the mark that stands for it says, empty where none does. `remarks` are what changed beside
    the figures, in the order in which the drawing numbers them.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    told: tuple[tuple[str, ...], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A figure of the table; `href` opens what is behind it, `told` is what its mark says."""

    text: str
    told: str = ""
    href: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawn chart: what it says, how it looks, and the table behind it.

    `narrow_svg` is for phones, empty where the one drawing fits both. `hrefs` open what is behind the cells of the table.
    """

    slug: str
    title: str
    note: str
    svg: str
    narrow_svg: str
    table: Table
    hrefs: tuple[tuple[str, ...], ...] = ()

    @property
    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows of the table, each cell with its mark and its way in."""
        return tuple(
            tuple(Cell(text, _at(self.table.told, y, x), _at(self.hrefs, y, x)) for x, text in enumerate(row))
            for y, row in enumerate(self.table.rows)
        )

    @property
    def first_href(self) -> str:
        """Where one begins to look into it; empty where nothing opens."""
        return next((cell.href for row in self.lines for cell in row if cell.told and cell.href), "")

    def opening(self, way: Callable[[int, int], str]) -> "Picture":
        """The same, with the way in for the cell at a row and a column of the table."""
        found = tuple(tuple(way(y, x) for x in range(len(row))) for y, row in enumerate(self.table.rows))
        return replace(self, hrefs=found)


def _at(table: tuple[tuple[str, ...], ...], row: int, column: int) -> str:
    return table[row][column] if row < len(table) and column < len(table[row]) else ""


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
