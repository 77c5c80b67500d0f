"""What the page says that puts an account on two days side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.comparing import GROUPS, Comparison, Line
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option, ScoreMark
from keepwell.faces.web.as_of import KNOWN, THEN
from keepwell.faces.web.pages.account_head import AccountHead, score_mark
from keepwell.kernel import speech
from keepwell.kernel.figures import MINUS
from keepwell.kernel.money import Money

SPANS = (
    (28, speech.later("Four weeks")),
    (91, speech.later("A quarter")),
    (182, speech.later("Half a year")),
    (364, speech.later("A year")),
)
HEAD = (
    "group",
    "slug",
    "label",
    "unit",
    "before",
    "after",
    "change",
    "before_points",
    "after_points",
    "reason",
)


@dataclass(frozen=True)
class LineRow:
    """One thing on both days."""

    label: str
    definition: str
    href: str
    before: str
    after: str
    change: str
    points: str
    reason: str


@dataclass(frozen=True)
class Group:
    """Lines that belong together."""

    title: str
    rows: tuple[LineRow, ...]


@dataclass(frozen=True)
class ComparisonPage:
    """Two days side by side; `movement` is where the whole way from one score to the other is told."""

    head: AccountHead
    action: str
    since: str
    until: str
    last: str
    is_then: bool
    before: ScoreMark
    after: ScoreMark
    before_day: str
    after_day: str
    before_href: str
    after_href: str
    spans: tuple[Option, ...]
    groups: tuple[Group, ...]
    movement: str
    csv: str
    refused: str = ""


def page(head: AccountHead, found: Comparison, *, today: date, then: bool) -> ComparisonPage:
    """From both days and their lines."""
    key, first, last = found.after.account.key, found.before.moment.day, found.after.moment.day
    here = reverse("account-comparison", args=(key,))
    known = {KNOWN: THEN} if then else {}

    def spanning(since: date) -> str:
        return f"?{urlencode({'since': since.isoformat(), 'until': last.isoformat(), **known})}"

    def on(day: date) -> str:
        return reverse("account", args=(key,)) + f"?{urlencode({'as_of': day.isoformat(), **known})}"

    return ComparisonPage(
        head=head,
        action=here,
        since=first.isoformat(),
        until=last.isoformat(),
        last=today.isoformat(),
        is_then=then,
        before=score_mark(found.before.score),
        after=score_mark(found.after.score),
        before_day=_long(first),
        after_day=speech.told("Today") if last == today else _long(last),
        before_href=on(first),
        after_href=on(last) if last < today else reverse("account", args=(key,)),
        spans=tuple(
            Option(here + spanning(last - timedelta(days=days)), title, (last - first).days == days)
            for days, title in SPANS
        ),
        groups=tuple(_groups(found.lines)),
        movement=reverse("account-movement", args=(key,)) + spanning(first),
        csv=reverse("account-comparison-csv", args=(key,)) + spanning(first),
    )


def _long(day: date) -> str:
    return words.date_of(day, long=True)


def _groups(lines: tuple[Line, ...]) -> Iterator[Group]:
    for group, of_group in groupby(lines, key=lambda line: line.group):
        yield Group(GROUPS[group], tuple(_row(line) for line in of_group))


def _row(line: Line) -> LineRow:
    points = ""
    if line.group == "part":
        points = f"{words.points(line.before_points)} → {words.points(line.after_points)}"
    return LineRow(
        line.label,
        line.definition,
        reverse("measure", args=(line.slug,)) if line.group == "measure" else "",
        _said(line, line.before),
        _said(line, line.after),
        _change(line),
        points,
        line.reason[:1].upper() + line.reason[1:],
    )


def _said(line: Line, value: float | None) -> str:
    if value is None:
        return "–"
    if line.slug == "arr":
        return words.money(Money(Decimal(str(value)), line.unit))
    return words.points(value) if line.group == "health" else words.number(value, line.unit)


def _change(line: Line) -> str:
    if line.change is None:
        return "–"
    if not line.change:
        return "same"
    size = abs(line.change)
    return f"{'+' if line.change > 0 else MINUS}{words.number(size) if line.unit == 'NPS' else _said(line, size)}"


def cells(found: Comparison) -> Iterator[tuple[object, ...]]:
    """The lines as rows of a file; unknown figures are empty."""
    for line in found.lines:
        yield (
            line.group, line.slug, line.label, line.unit, line.before, line.after, line.change,
            line.before_points, line.after_points, line.reason,
        )  # fmt: skip
