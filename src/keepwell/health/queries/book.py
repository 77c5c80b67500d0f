"""The book of business: every account that may be seen, with its health, filtered, ordered, grouped and summed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, Sum, TextField, Value

from keepwell.access.scopes import Scope
from keepwell.health.queries.sheet import days, filters, lines, rows, searched, shown
from keepwell.health.queries.sheet.joins import Rows, Sheet
from keepwell.health.queries.sheet.lines import Lines
from keepwell.health.queries.sheet.question import Question
from keepwell.health.queries.sheet.rows import BookRow
from keepwell.health.queries.sheet.shown import Column
from keepwell.health.queries.sheet.then import Then
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.segments.queries import vocabulary
from keepwell.segments.queries.vocabulary import METRIC

BAND_ORDER = ("red", "yellow", "green", "unknown")
MOST_GROUPS = 500
FEW = 1000
ANYTHING = Question()


@dataclass(frozen=True)
class BandTotal:
    """How many accounts are in a band, their ARR in the reporting currency, and how many of them lack a rate for it."""

    band: str
    accounts: int
    arr: Money | None
    unrated: int


@dataclass(frozen=True)
class GroupTotal:
    """The accounts that share a value (None: it is not known): how many, their ARR, the mean of each column of figures."""

    value: Any
    accounts: int
    arr: Money | None
    means: Mapping[str, float | None]


@dataclass(frozen=True)
class BookPage:
    """Some rows of the book; `total` counts all that match, `totals` all that match but for the band.

    `day` is the stored day that is shown: daily for a fortnight back, Sundays before that. `means` are of all that match.
    """

    day: date
    rows: tuple[BookRow, ...]
    total: int
    totals: tuple[BandTotal, ...]
    groups: tuple[GroupTotal, ...] = ()
    means: Mapping[str, float | None] | None = None


@dataclass(frozen=True)
class _Book:
    """What is asked, with the columns that exist."""

    asked: Question
    seen_by: Scope
    words: Vocabulary
    columns: Mapping[str, Column]
    day: date
    past: bool

    @classmethod
    def of(cls, asked: Question, seen_by: Scope, said: Vocabulary | None) -> "_Book":
        now = days.current()
        day = days.stored(asked.as_of, now=now)
        past = asked.as_of is not None and day != now
        read = said or vocabulary.accounts()
        return cls(asked, seen_by, read, shown.catalogued(read), day, past)

    def __post_init__(self) -> None:
        """What is no column, or has no order, is refused."""
        _ = self.orders, self.group, self.shown

    def sheet(self, *, band: bool = True) -> Sheet:
        """All accounts that match, perhaps whatever their band."""
        asked = self.asked
        visible = accounts.visible(seen_by=self.seen_by, owner_id=asked.owner_id)
        present = (
            days.customers_then(visible, self.day) if self.past else visible.filter(line__former=asked.former)
        )
        named = present.filter(self.named) if asked.search else present
        sheet = Sheet(named, self.day, self.words, self.past)
        if asked.condition is not None:
            holds = filters.holds(asked.condition, sheet)
            sheet.rows = sheet.rows.filter(holds)
        if band and asked.band:
            sheet.rows = sheet.rows.alias(in_band=sheet.value("score.band")).filter(in_band=asked.band)
        return sheet

    @cached_property
    def named(self) -> Q:
        """What the searched text leaves."""
        return searched.holding(self.asked.search)

    def plain(self) -> Sheet:
        """Accounts that are named by their ids: what else is asked of them has been asked already."""
        visible = accounts.visible(seen_by=self.seen_by)
        found = days.customers_then(visible, self.day) if self.past else visible
        return Sheet(found, self.day, self.words, self.past)

    @property
    def group(self) -> Column | None:
        """What rows are grouped by."""
        if not self.asked.group:
            return None
        column = shown.find(self.asked.group, self.columns, what="group")
        return column if column.groups else shown.find("", self.columns, what="group")

    @property
    def shown(self) -> list[Column]:
        """The columns that are asked."""
        return [shown.find(slug, self.columns) for slug in self.asked.columns]

    @property
    def figures(self) -> list[Column]:
        """Those that have a mean."""
        health = self.columns["health"]
        return [health, *(column for column in self.shown if column.kind == "number")]

    @property
    def orders(self) -> list[Column]:
        """The columns that rows are ordered by."""
        found = [shown.find(order.column, self.columns, what="order") for order in self.asked.order]
        return [column if column.reads else shown.find("", self.columns, what="order") for column in found]

    def ordered(self) -> Rows:
        """The ids of all that match, in order, as `pk` and `in_group`."""
        sheet, group = self.sheet(), self.group
        grouped = sheet.value(group.reads) if group else Value(None, output_field=TextField())
        by = [_sorted(grouped, descending=False)] if group else []
        for column, order in zip(self.orders, self.asked.order, strict=True):
            by.append(_sorted(sheet.value(column.reads), descending=order.descending))
            if column.slug == "arr":  # an ARR in a currency without a rate comes before none at all
                by.append(F("line__is_unrated").desc())
        by.append(F("pk").desc() if self.asked.order[0].descending else F("pk").asc())
        found: Rows = sheet.rows.order_by(*by).annotate(in_group=grouped).values_list("pk", "in_group")
        return found

    @cached_property
    def lines(self) -> Lines:
        """What the lines of accounts answer alone, where they are enough."""
        return Lines(self.asked, self.seen_by)

    @cached_property
    def then(self) -> Then | None:
        """What the scores of a past day answer alone, where they are enough."""
        found = Then(self.asked, self.seen_by, self.day)
        return found if self.past and found.is_enough else None

    def part(self, offset: int, limit: int, *, of: int = FEW) -> dict[int, Any]:
        """Some ids of that order with their groups, by the lines where these have the order and that pays."""
        asked, found = self.asked, None
        if self.then is not None and self.then.can_order and of >= FEW:
            found = self.then.first(offset, limit)
        if self.lines.is_enough and lines.can_group(asked):
            return self.lines.within(offset, limit)
        if self.lines.is_enough and lines.can_order(asked) and of >= FEW:
            found = self.lines.first(asked.order[0], self.day, offset, limit)
        return dict(self.ordered()[offset : offset + limit]) if found is None else found


def _sorted(value: Any, *, descending: bool) -> Any:
    return value.desc(nulls_last=True) if descending else value.asc(nulls_last=True)


def page(
    *,
    seen_by: Scope,
    asked: Question = ANYTHING,
    offset: int = 0,
    limit: int = 50,
    said: Vocabulary | None = None,
) -> BookPage:
    """One page of the book now, or as it stood on a past day (the stored day at or before it), with its totals.

    Now, it holds either present customers or former ones; on a past day those who were customers then.
    Unknown comes last in either direction. Six queries whatever the size, beyond the vocabulary's: the current day, the totals,
    the order, and three of the rows; one more for means, groups and trends each.
    """
    book = _Book.of(asked, seen_by, said)
    totals = _totals(book)
    total = sum(t.accounts for t in totals if asked.band in ("", t.band))
    return BookPage(
        day=book.day,
        rows=_rows(book, offset, limit, of=total),
        total=total,
        totals=totals,
        groups=_groups(book) if book.group else (),
        means=_means(book) if len(book.figures) > 1 else None,
    )


def some(
    *, seen_by: Scope, asked: Question, offset: int, limit: int, said: Vocabulary | None = None
) -> tuple[BookRow, ...]:
    """The rows alone: what a scroll asks."""
    return _rows(_Book.of(asked, seen_by, said), offset, limit)


def count(*, seen_by: Scope, owner_id: int | None = None) -> int:
    """How many present customers one may see, perhaps of one owner alone. One query."""
    lines = Lines(Question(owner_id=owner_id), seen_by)
    return sum(row["accounts"] for row in lines.totals.values())


def ids(*, seen_by: Scope, asked: Question, said: Vocabulary | None = None) -> list[int]:
    """All that match, in order."""
    return [pk for pk, _ in _Book.of(asked, seen_by, said).ordered()]


def row(*, account_id: int, seen_by: Scope, as_of: date | None = None) -> BookRow | None:
    """One account as the book shows it now, or as of a past day; None for one that may not be seen. Four or five queries."""
    day, visible = stored_day(as_of), accounts.visible(seen_by=seen_by)
    past = as_of is not None
    sheet = Sheet(days.scored(visible, day) if past else visible, day, Vocabulary({}), past)
    return next(iter(rows.read(sheet, [account_id], (), {})), None)


def stored_day(as_of: date | None) -> date:
    """The stored day at or before the asked one: a day of the last fortnight, or a Sunday. One query."""
    return days.stored(as_of, now=days.current())


def on_day(account_ids: Sequence[int], *, as_of: date, seen_by: Scope) -> dict[int, tuple[float | None, str]]:
    """Where accounts stood on the stored day at or before a day: points and band, by account. Two queries."""
    day = stored_day(as_of)
    found = days.scored(accounts.visible(seen_by=seen_by).filter(pk__in=account_ids), day)
    return {pk: (points, band) for pk, points, band in found.values_list("pk", "points", "band")}


def columns(said: Vocabulary) -> dict[str, Column]:
    """Every column that a list can show, by slug."""
    return shown.catalogued(said)


def _rows(book: _Book, offset: int, limit: int, *, of: int = FEW) -> tuple[BookRow, ...]:
    found = book.part(offset, limit, of=of)
    return rows.read(book.plain(), list(found), book.shown, found)


_SUMS: Mapping[str, Any] = {
    "accounts": Count("pk"),
    "worth": Sum("line__arr"),
    "in_currency": Max("line__currency"),
    "unrated": Count("pk", filter=Q(line__is_unrated=True)),
}


def _totals(book: _Book) -> tuple[BandTotal, ...]:
    if book.then is not None:
        counts = book.then.totals()
        return tuple(BandTotal(band, counts[band], None, 0) for band in BAND_ORDER if band in counts)
    if book.lines.is_enough:
        by_band: Mapping[str, Mapping[str, Any]] = book.lines.totals
    else:
        sheet = book.sheet(band=False)
        banded = sheet.rows.order_by().annotate(in_band=sheet.value("score.band"))
        sums = {"accounts": _SUMS["accounts"]} if book.past else _SUMS
        by_band = {row["in_band"]: row for row in banded.values("in_band").annotate(**sums)}
    return tuple(_total(band, by_band[band], past=book.past) for band in BAND_ORDER if band in by_band)


def _total(band: str, row: Mapping[str, Any], *, past: bool) -> BandTotal:
    if past:
        return BandTotal(band, row["accounts"], None, 0)
    return BandTotal(band, row["accounts"], _money(row), row["unrated"])


def _money(row: Mapping[str, Any]) -> Money | None:
    return None if row["worth"] is None else Money(row["worth"], row["in_currency"])


def _named(figures: Sequence[Column], sheet: Sheet) -> dict[str, Any]:
    return {f"mean{place}": Avg(sheet.value(column.reads)) for place, column in enumerate(figures)}


def _told(figures: Sequence[Column], row: Mapping[str, Any]) -> dict[str, float | None]:
    return {column.slug: row[f"mean{place}"] for place, column in enumerate(figures)}


def _means(book: _Book) -> dict[str, float | None]:
    """The mean of each column of figures over all that match."""
    if book.lines.is_enough and all(column.reads.startswith(METRIC) for column in book.figures[1:]):
        health = book.lines.health()
        rest = {c.slug: book.lines.mean(c.reads.removeprefix(METRIC), book.day) for c in book.figures[1:]}
        return {"health": health, **rest}
    sheet = book.sheet()
    named = _named(book.figures, sheet)
    return _told(book.figures, sheet.rows.order_by().aggregate(**named))


def _groups(book: _Book) -> tuple[GroupTotal, ...]:
    """Each value with its sums, in the order of the rows; the first five hundred."""
    figures, group = book.figures, book.group
    assert group is not None
    if book.lines.is_enough and lines.can_group(book.asked) and len(figures) == 1:
        return tuple(_of_lines(part) for part in book.lines.parts[:MOST_GROUPS])
    sheet = book.sheet()
    by = sheet.value(group.reads)
    named = _named(figures, sheet)
    found = sheet.rows.order_by().annotate(in_group=by).values("in_group").annotate(**_SUMS, **named)
    ordered = found.order_by(F("in_group").asc(nulls_last=True))[:MOST_GROUPS]
    return tuple(
        GroupTotal(row["in_group"], row["accounts"], None if book.past else _money(row), _told(figures, row))
        for row in ordered
    )


def _of_lines(part: lines.Part) -> GroupTotal:
    row = part.row
    return GroupTotal(part.value, row["accounts"], _money(row), {"health": lines.mean(row)})
