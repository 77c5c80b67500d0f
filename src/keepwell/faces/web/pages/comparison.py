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
class Asked:
    """Of which account, and which two days, as known by then or now."""

    key: str
    first: date
    last: date
    today: date
    then: bool

    def spanning(self, since: date, **more: str) -> str:
        """What an address says that compares an earlier day with the same later one."""
        days = {"since": since.isoformat(), "until": self.last.isoformat()}
        return f"?{urlencode({**days, **self._known, **more})}"

    def on(self, day: date) -> str:
        """The account on a day."""
        return (
            reverse("account", args=(self.key,)) + f"?{urlencode({'as_of': day.isoformat(), **self._known})}"
        )

    @property
    def _known(self) -> dict[str, str]:
        return {KNOWN: THEN} if self.then else {}


@dataclass(frozen=True)
class Frame:
    """Which days are compared, and how to compare others."""

    action: str
    since: str
    until: str
    last: str
    is_then: bool
    before_day: str
    after_day: str
    spans: tuple[Option, ...]
    csv: str


@dataclass(frozen=True)
class Beside:
    """Two days side by side; `movement` is where the whole way from one score to the other is told."""

    before: ScoreMark
    after: ScoreMark
    before_href: str
    after_href: str
    groups: tuple[Group, ...]
    movement: str


@dataclass(frozen=True)
class ComparisonPage:
    """Two days; what stood on them, or (`awaits`) where that is asked for."""

    head: AccountHead
    frame: Frame
    awaits: str
    beside: Beside | None


def awaiting(head: AccountHead, asked: Asked, *, read: str) -> ComparisonPage:
    """The first answer, before the lake was read."""
    here = reverse("account-comparison", args=(asked.key,))
    return ComparisonPage(head, _frame(asked), here + asked.spanning(asked.first, **{read: "1"}), None)


def page(head: AccountHead, asked: Asked, found: Comparison) -> ComparisonPage:
    """From both days and their lines."""
    beside = Beside(
        before=score_mark(found.before.score),
        after=score_mark(found.after.score),
        before_href=asked.on(asked.first),
        after_href=asked.on(asked.last)
        if asked.last < asked.today
        else reverse("account", args=(asked.key,)),
        groups=tuple(_groups(found.lines)),
        movement=reverse("account-movement", args=(asked.key,)) + asked.spanning(asked.first),
    )
    return ComparisonPage(head, _frame(asked), "", beside)


def _frame(asked: Asked) -> Frame:
    here, span = reverse("account-comparison", args=(asked.key,)), (asked.last - asked.first).days
    return Frame(
        action=here,
        since=asked.first.isoformat(),
        until=asked.last.isoformat(),
        last=asked.today.isoformat(),
        is_then=asked.then,
        before_day=_long(asked.first),
        after_day=speech.told("Today") if asked.last == asked.today else _long(asked.last),
        spans=tuple(
            Option(here + asked.spanning(asked.last - timedelta(days=days)), title, span == days)
            for days, title in SPANS
        ),
        csv=reverse("account-comparison-csv", args=(asked.key,)) + asked.spanning(asked.first),
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
        return speech.told("same")
    size = abs(line.change)
    return f"{'+' if line.change > 0 else MINUS}{words.number(size) if line.unit == 'NPS' else _said(line, size)}"


def cells(found: Comparison) -> Iterator[tuple[object, ...]]:
    """The lines as rows of a file; unknown figures are empty."""
    for line in found.lines:
        yield (
            line.group, line.slug, line.label, line.unit, line.before, line.after, line.change,
            line.before_points, line.after_points, line.reason,
        )  # fmt: skip
