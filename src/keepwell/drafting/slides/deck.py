"""What a deck says, apart from how it looks: slides with one finding each, figures, charts, tables, and their receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keepwell.kernel.days import date_said


@dataclass(frozen=True)
class Receipt:
    """Where figures come from: what was counted or agreed, and as of when."""

    what: str
    moment: str


@dataclass(frozen=True)
class Stat:
    """One figure with its label; `note` is what it is beside, as a target or a quarter before."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Series:
    """The values of a chart in the order of its labels; None is unknown, and is left out."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Graph:
    """A chart: `lines` over days, or `bars` beside their names."""

    kind: str
    title: str
    labels: tuple[str, ...] | tuple[date, ...]
    series: tuple[Series, ...]
    number_format: str = "#,##0"

    @property
    def names(self) -> tuple[str, ...]:
        """The labels in words."""
        return tuple(date_said(label) if isinstance(label, date) else label for label in self.labels)


@dataclass(frozen=True)
class Grid:
    """A table; `figures` are the columns whose cells are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Points:
    """A few sentences under a heading."""

    heading: str
    said: tuple[str, ...]


Block = Graph | Grid | Points


@dataclass(frozen=True)
class Slide:
    """One message: the title says it, the rest shows it. `blocks` stand beside each other, at most two."""

    title: str
    blocks: tuple[Block, ...] = ()
    stats: tuple[Stat, ...] = ()
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Deck:
    """The whole deck: a cover, then its slides; `footer` stands on each of them."""

    title: str
    subtitle: str
    slides: tuple[Slide, ...]
    footer: str = ""
    language: str = "en"

    @property
    def heads(self) -> Sequence[str]:
        """The titles in their order, the cover's first."""
        return [self.title, *(slide.title for slide in self.slides)]
