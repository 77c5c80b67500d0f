"""The cells of the accounts table: one for each chosen column, each with what its kind shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Delta, ScoreMark
from keepwell.health.queries.book import GroupTotal
from keepwell.health.queries.sheet.rows import BookRow, Step
from keepwell.health.queries.sheet.shown import Column
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, measured
from keepwell.kernel.moments import day_of

NO_VALUE = "–"
ENDS = ("number", "money")
ON_CARDS = ("health", "change", "arr", "renewal")


class Cell(NamedTuple):
    """What stands in a column: `value` is a mark where the kind has one, `text` what it says otherwise."""

    kind: str
    css: str
    text: str = ""
    value: Any = None
    under: str = ""
    label: str = ""
    brief: bool = True


@dataclass(frozen=True)
class AccountRow:
    """An account in the table; `group` is the head of its group where that begins with it."""

    href: str
    key: str
    name: str
    industry: str
    cells: tuple[Cell, ...]
    group: "GroupHead | None" = None


@dataclass(frozen=True)
class GroupHead:
    """The head of a group of rows: its name, how many, and its sums by column."""

    title: str
    count: str
    cells: tuple[Cell, ...]


def row(row: BookRow, columns: Sequence[Column], *, today: date, head: GroupHead | None = None) -> AccountRow:
    """One account."""
    return AccountRow(
        reverse("account", args=(row.key,)), row.key, row.name or row.key, row.industry,
        tuple(cell(row, column, today=today) for column in columns), head,
    )  # fmt: skip


def cell(row: BookRow, column: Column, *, today: date) -> Cell:
    """What an account says in a column."""
    own = _OWN.get(column.slug)
    if own is not None:
        return own(row, today)
    if column.kind == "spark":
        return Cell(
            "spark",
            "wide",
            value=row.trends.get(column.slug, ()),
            text=column.title.removesuffix(", 13 weeks"),
        )
    return said(row.more.get(column.slug), column, today=today)


def said(value: Any, column: Column, *, today: date) -> Cell:
    """A value in the way of its column."""
    css = "wide end num" if column.kind in ENDS else "wide"
    if value is None or value in ("", []):
        return Cell("text", f"{css} nil", NO_VALUE, label=column.title)
    if column.kind in ("day", "moment"):
        return Cell("day", css, value=DayMark.of(value, today=today), label=column.title)
    if column.kind == "step":
        mark = DayMark.of(value.at, today=today)
        return Cell(
            "text", css, step(value), under=f"{mark.away} · {mark.day}" if mark else "", label=column.title
        )
    if column.kind == "age":
        return Cell("text", css, words.away(day_of(value), today=today), label=column.title)
    if column.kind == "owner":
        return Cell("person", css, str(value))
    return Cell("text", css, spoken(value, column), label=column.title)


def step(told: Step) -> str:
    """What is due next, in words."""
    return (
        told.what
        if told.kind in ("task", "incident")
        else f"{words.spoken(told.kind)}{': ' * bool(told.what)}{told.what}"
    )


def spoken(value: Any, column: Column) -> str:
    """A value in words."""
    if value is None or value == "":
        return speech.told("Not known")
    if isinstance(value, bool):
        return speech.told("Yes") if value else speech.told("No")
    if isinstance(value, int | float):
        return (
            figure(float(value))
            if column.unit in ("people", "events", "")
            else measured(float(value), column.unit)
        )
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def group_head(total: GroupTotal, title: str, columns: Sequence[Column]) -> GroupHead:
    """The head of a group."""
    return GroupHead(
        title, words.whole(total.accounts), tuple(sums(total.means, total.arr, c) for c in columns)
    )


def sums(means: Mapping[str, float | None], arr: Any, column: Column) -> Cell:
    """What a column comes to over many accounts: the sum of ARR, the mean of figures."""
    if column.slug == "arr":
        return Cell("text", "end num", words.short_money(arr) if arr else "")
    mean = means.get(column.slug)
    if mean is None:
        return Cell("text", "wide")
    css = "wide end num" if column.kind in ENDS else "wide num"
    return Cell(
        "text", css, spoken(mean, column) if column.kind == "number" else words.points(mean), under="mean"
    )


def _health(row: BookRow, today: date) -> Cell:
    del today
    mark = ScoreMark.of(
        points=row.points, slug=row.band, known_weight=row.known_weight, low=row.low, high=row.high
    )
    return Cell("health", "health", value=mark)


def _spark(row: BookRow, today: date) -> Cell:
    del today
    return Cell("spark", "wide", value=row.spark, under=row.band)


def _change(row: BookRow, today: date) -> Cell:
    del today
    return Cell("delta", "week row", value=delta(row))


def delta(row: BookRow) -> Delta | None:
    """What moved the score; where nothing did, what holds it down."""
    if row.change is None:
        return Delta(NO_VALUE, "same", row.reason) if row.reason else None
    return Delta.of(row.change, row.change_reason if round(row.change) else row.reason)


def _arr(row: BookRow, today: date) -> Cell:
    del today
    text = words.money(row.arr) if row.arr or not row.arr_unrated else speech.told("No rate")
    return Cell(
        "text",
        "end num arr nil" if text == NO_VALUE else "end num arr",
        text,
        under=signed(row),
    )


def signed(row: BookRow) -> str:
    """The amounts as signed, where they are not in the currency that the table tells."""
    foreign = row.arr is None or any(money.currency != row.arr.currency for money in row.arr_signed)
    return words.sums(row.arr_signed) if foreign else ""


def _renewal(row: BookRow, today: date) -> Cell:
    mark = DayMark.of(row.renewal_date, today=today)
    return Cell(
        "day",
        f"renews{'' if mark else ' nil'}",
        value=mark,
        label=speech.told("Renews"),
        brief=not mark or mark.is_far,
    )


def _owner(row: BookRow, today: date) -> Cell:
    del today
    return Cell("person", "wide", row.owner)


def _touch(row: BookRow, today: date) -> Cell:
    return Cell("day", "wide", speech.told("Never"), DayMark.of(row.last_touch_at, today=today))


def _name(row: BookRow, today: date) -> Cell:
    del today
    return Cell("text", "wide", row.name)


_OWN: Mapping[str, Callable[[BookRow, date], Cell]] = {
    "name": _name,
    "health": _health,
    "spark": _spark,
    "change": _change,
    "arr": _arr,
    "renewal": _renewal,
    "owner": _owner,
    "touch": _touch,
}
