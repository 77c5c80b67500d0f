"""What the accounts page says: the book of business as one table."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.bands import BANDS
from keepwell.faces.components.marks import DayMark, Delta, ScoreMark
from keepwell.faces.web.pages.filters import LIMIT, Filters
from keepwell.health.queries.book import BandTotal, BookPage, BookRow
from keepwell.kernel import money

COLUMNS = (
    ("name", "Account", ""), ("health", "Health", ""), ("", "13 weeks", ""), ("change", "Week", ""),
    ("arr", "ARR", "end"), ("renewal", "Renewal", ""), ("", "Owner", ""), ("", "Last touch", ""),
)  # fmt: skip
TODAYS_COLUMNS = ("ARR", "Renewal", "Owner", "Last touch")
SUNDAY = 6
FALLING_FIRST = ("arr",)


@dataclass(frozen=True)
class Asker:
    """What the page must know of who reads it."""

    sees_everything: bool
    may_import: bool
    owns_some: bool
    lacks_core_features: bool = False


@dataclass(frozen=True)
class AccountRow:
    """An account in the table."""

    href: str
    key: str
    name: str
    industry: str
    score: ScoreMark
    spark: tuple[float | None, ...]
    delta: Delta | None
    arr: str
    arr_signed: str
    renewal: DayMark | None
    owner: str
    touch: DayMark | None


@dataclass(frozen=True)
class Segment:
    """A band as a filter, with how many and how much it holds."""

    band: str
    title: str
    href: str
    count: str
    sum: str
    is_current: bool


@dataclass(frozen=True)
class Column:
    """A head of the table; `sorted` is "", "ascending" or "descending"."""

    title: str
    href: str
    sorted: str
    align: str


@dataclass(frozen=True)
class AccountsPage:
    """The whole page."""

    state: str
    filters: Filters
    segments: tuple[Segment, ...]
    columns: tuple[Column, ...]
    rows: tuple[AccountRow, ...]
    shown: str
    total: str
    unrated: str
    before: str
    after: str
    csv: str
    as_of: str
    today: str
    is_past: bool
    past: str
    is_empty_book: bool
    clear: str
    former: str
    mine: str
    asker: Asker


def page(book: BookPage, *, filters: Filters, today: date, asker: Asker) -> AccountsPage:
    """From the rows of the book to what the page says."""
    last = filters.offset + len(book.rows)
    day = filters.as_of or today
    is_past = filters.as_of is not None
    columns = [column for column in COLUMNS if not is_past or column[1] not in TODAYS_COLUMNS]
    everything = sum(total.accounts for total in book.totals)
    return AccountsPage(
        state=_state(book, filters, today),
        filters=filters,
        segments=_segments(book, filters),
        columns=tuple(_column(slug, title, align, filters) for slug, title, align in columns),
        rows=tuple(_row(row, today=today) for row in book.rows),
        shown=f"{filters.offset + 1:,}–{last:,} of {book.total:,}" if book.rows else "",
        total=_sum(tuple(total for total in book.totals if filters.band in ("", total.band))),
        unrated=_unrated(book, filters),
        before=filters.address(offset=max(0, filters.offset - LIMIT)) if filters.offset else "",
        after=filters.address(offset=last) if last < book.total else "",
        csv=filters.address("accounts-csv"),
        as_of=day.isoformat(),
        today=today.isoformat(),
        is_past=is_past,
        past=_past(filters.as_of, book.day, today) if filters.as_of else "",
        is_empty_book=not (everything or is_past or filters.search or filters.former or filters.mine),
        clear=filters.address(search="", band="", former=False, mine=False),
        former=filters.address(former=not filters.former, band="", as_of=None),
        mine=filters.address(mine=not filters.mine) if asker.owns_some or filters.mine else "",
        asker=asker,
    )


def _past(asked: date, shown: date, today: date) -> str:
    """Which day is shown, and what a past day cannot tell."""
    said = words.day(shown, today=today)
    note = "ARR, renewal, owner and last touch are known only as of today; an account opens as of today."
    if shown == asked:
        return note
    is_weekly = shown.weekday() == SUNDAY and (asked - shown).days < 7
    return f"{f'Stored weekly: this is Sunday {said}' if is_weekly else f'The last stored day is {said}'}. {note}"


def _row(row: BookRow, *, today: date) -> AccountRow:
    return AccountRow(
        href=reverse("account", args=(row.key,)),
        key=row.key,
        name=row.name or row.key,
        industry=row.industry,
        score=ScoreMark.of(
            points=row.points, slug=row.band, known_weight=row.known_weight, low=row.low, high=row.high
        ),
        spark=row.spark,
        delta=_delta(row),
        arr=words.money(row.arr) if row.arr or not row.arr_unrated else "No rate",
        arr_signed=signed(row),
        renewal=DayMark.of(row.renewal_date, today=today),
        owner=row.owner,
        touch=DayMark.of(row.last_touch_at, today=today),
    )


def signed(row: BookRow) -> str:
    """The amounts as signed, where they are not in the currency that the table tells."""
    foreign = row.arr is None or any(money.currency != row.arr.currency for money in row.arr_signed)
    return words.sums(row.arr_signed) if foreign else ""


def _delta(row: BookRow) -> Delta | None:
    """What moved the score; where nothing did, what holds it down."""
    if row.change is None:
        return Delta("–", "same", row.reason) if row.reason else None
    return Delta.of(row.change, row.change_reason if round(row.change) else row.reason)


def _segments(book: BookPage, filters: Filters) -> tuple[Segment, ...]:
    by_band = {total.band: total for total in book.totals}
    everything = Segment(
        "",
        "All",
        filters.address(band=""),
        f"{sum(t.accounts for t in book.totals):,}",
        _sum(book.totals),
        not filters.band,
    )
    rest = (
        Segment(
            slug,
            BANDS[slug].word,
            filters.address(band=slug),
            f"{by_band[slug].accounts:,}" if slug in by_band else "0",
            _sum((by_band[slug],)) if slug in by_band else "",
            filters.band == slug,
        )
        for slug in ("red", "yellow", "green", "unknown")
    )
    return (everything, *rest)


def _column(slug: str, title: str, align: str, filters: Filters) -> Column:
    if not slug:
        return Column(title, "", "", align)
    current = filters.sort == slug
    turned = not filters.descending if current else slug in FALLING_FIRST
    order = ("descending" if filters.descending else "ascending") if current else ""
    return Column(title, filters.address(sort=slug, descending=turned), order, align)


def _sum(bands: tuple[BandTotal, ...]) -> str:
    return words.sums(money.totals(band.arr for band in bands if band.arr))


def _unrated(book: BookPage, filters: Filters) -> str:
    """What the sums leave out for want of an exchange rate."""
    shown = [total.unrated for total in book.totals if filters.band in ("", total.band)]
    return f"without {words.count(sum(shown), 'account')} that lack a rate" if sum(shown) else ""


def _state(book: BookPage, filters: Filters, today: date) -> str:
    by_band = {total.band: total for total in book.totals}
    everything = sum(total.accounts for total in book.totals)
    if not everything:
        if filters.search:
            return f'No account matches "{filters.search}".'
        if filters.as_of:
            return f"No customer was scored on {words.day(book.day, today=today)}."
        return "No customer has left." if filters.former else "No accounts yet."
    said = words.count(everything, "former customer" if filters.former else "account")
    if filters.mine:
        said = f"Your {said}"
    if filters.search:
        said += f' matching "{filters.search}"'
    risk = by_band.get("red")
    if risk and risk.accounts:
        at_stake = _sum((risk,))
        said += f", {risk.accounts:,} at risk" + (f" with {at_stake} ARR" if at_stake else "")
    unknown = by_band.get("unknown")
    if unknown and unknown.accounts:
        said += f", {unknown.accounts:,} unknown"
    return said + (f", as of {words.day(book.day, today=today)}." if filters.as_of else ".")
