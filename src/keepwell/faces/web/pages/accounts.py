"""What the accounts page says: the book of business as one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from keepwell.faces.components import words
from keepwell.faces.components.bands import BANDS
from keepwell.faces.web.pages import account_cells as cells
from keepwell.faces.web.pages import account_columns, account_views
from keepwell.faces.web.pages.account_cells import AccountRow, Cell, GroupHead
from keepwell.faces.web.pages.account_columns import Head, Menus
from keepwell.faces.web.pages.account_views import ViewsMenu
from keepwell.faces.web.pages.filters import LIMIT, Filters
from keepwell.faces.web.queries.saved_views import ViewView
from keepwell.health.queries.book import BandTotal, BookPage, GroupTotal
from keepwell.health.queries.sheet.rows import BookRow
from keepwell.health.queries.sheet.shown import Column
from keepwell.kernel import money, speech
from keepwell.metrics.conditions.words import words as sentence

SUNDAY = 6


@dataclass(frozen=True)
class Asker:
    """What the page must know of who reads it."""

    sees_everything: bool
    may_import: bool
    owns_some: bool
    may_work: bool = False
    lacks_core_features: bool = False


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
class Sentence:
    """One of the questions of the filter bar, and the page without it."""

    words: str
    remove: str


@dataclass(frozen=True)
class Rows:
    """Some rows, from a place on: what a scroll asks."""

    offset: int
    rows: tuple[AccountRow, ...]
    span: int


@dataclass(frozen=True)
class AccountsPage:
    """The whole page."""

    state: str
    filters: Filters
    segments: tuple[Segment, ...]
    sentences: tuple[Sentence, ...]
    filter: str
    heads: tuple[Head, ...]
    menus: Menus
    views: ViewsMenu
    part: Rows
    foot: tuple[Cell, ...]
    shown: str
    shown_as: str
    total: int
    unrated: str
    age: str
    before: str
    after: str
    scroll: str
    state_query: str
    total_said: str
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


def page(
    book: BookPage,
    *,
    filters: Filters,
    known: Mapping[str, Column],
    now: datetime,
    asker: Asker,
    views: Sequence[ViewView] = (),
) -> AccountsPage:
    """From the rows of the book to what the page says."""
    today = now.date()
    last = filters.offset + len(book.rows)
    day = filters.as_of or today
    is_past = filters.as_of is not None
    everything = sum(total.accounts for total in book.totals)
    columns = [known[shown.slug] for shown in filters.columns]
    return AccountsPage(
        state=_state(book, filters, today),
        filters=filters,
        segments=_segments(book, filters),
        sentences=tuple(Sentence(sentence(part), filters.without(n)) for n, part in enumerate(filters.parts)),
        filter=filters.address("accounts-filter"),
        heads=account_columns.heads(filters, known),
        menus=account_columns.menus(filters, known),
        views=account_views.menu(filters, views),
        part=rows(book.rows, filters=filters, known=known, today=today, groups=book.groups),
        foot=tuple(_foot(book, filters, column) for column in columns),
        shown=speech.told(
            "%(offset)s–%(last)s of %(total)s",
            offset=words.whole(filters.offset + 1),
            last=words.whole(last),
            total=words.whole(book.total),
        )
        if book.rows
        else "",
        shown_as=speech.told(
            "%(offset)s–%(last)s of %(total)s", offset="{first}", last="{last}", total="{total}"
        ),
        total=book.total,
        unrated=_unrated(book, filters),
        age=_age(book.rows, now),
        before=filters.address(offset=max(0, filters.offset - LIMIT)) if filters.offset else "",
        after=filters.address(offset=last) if last < book.total else "",
        scroll=filters.address("accounts-rows"),
        state_query=filters.address().partition("/accounts/")[2],
        total_said=words.whole(book.total),
        csv=filters.address("accounts-csv"),
        as_of=day.isoformat(),
        today=today.isoformat(),
        is_past=is_past,
        past=_past(filters.as_of, book.day, today) if filters.as_of else "",
        is_empty_book=not everything and filters.is_plain and not is_past,
        clear=filters.address(search="", band="", condition=None, former=False, mine=False),
        former=filters.address(former=not filters.former, band="", as_of=None),
        mine=filters.address(mine=not filters.mine) if asker.owns_some or filters.mine else "",
        asker=asker,
    )


def rows(
    found: Sequence[BookRow],
    *,
    filters: Filters,
    known: Mapping[str, Column],
    today: date,
    groups: Sequence[GroupTotal] = (),
    before: object = None,
) -> Rows:
    """Rows in their groups; `before` is the group of the row before the first, where there is one."""
    columns = [known[shown.slug] for shown in filters.columns]
    heads = {total.value: total for total in groups}
    told, last = [], before if filters.offset else object()
    for row in found:
        head = None
        if filters.group and row.group != last:
            head = _group_head(row.group, heads, known[filters.group], columns)
        last = row.group
        told.append(cells.row(row, columns, today=today, head=head))
    return Rows(filters.offset, tuple(told), len(columns) + 1)


def _group_head(
    value: object, heads: Mapping[object, GroupTotal], group: Column, columns: Sequence[Column]
) -> GroupHead:
    title = BANDS[str(value)].word if group.slug == "band" else cells.spoken(value, group)
    if group.kind == "owner":
        title = str(value or speech.told("Nobody"))
    if value not in heads:
        return GroupHead(title, "", tuple(Cell("text", "wide") for _ in columns))
    return cells.group_head(heads[value], title, columns)


def _foot(book: BookPage, filters: Filters, column: Column) -> Cell:
    if column.slug == "arr":
        chosen = tuple(total for total in book.totals if filters.band in ("", total.band))
        return Cell("text", "end num", _sum(chosen))
    return cells.sums(book.means or {}, None, column)


def _age(found: Sequence[BookRow], now: datetime) -> str:
    """How old the scores of the rows are."""
    moments = [row.scored_at for row in found if row.scored_at is not None]
    return speech.told("Scores %(now)s old", now=words.span(now - min(moments))) if moments else ""


def _past(asked: date, shown: date, today: date) -> str:
    """Which day is shown, and what a past day cannot tell."""
    said = words.day(shown, today=today)
    note = speech.told(
        "ARR, renewal, owner and last touch are known only as of today; an account opens as of today."
    )
    if shown == asked:
        return note
    is_weekly = shown.weekday() == SUNDAY and (asked - shown).days < 7
    if is_weekly:
        return speech.told("Stored weekly: this is Sunday %(said)s. %(note)s", said=said, note=note)
    return speech.told("The last stored day is %(said)s. %(note)s", said=said, note=note)


def _segments(book: BookPage, filters: Filters) -> tuple[Segment, ...]:
    by_band = {total.band: total for total in book.totals}
    everything = Segment(
        "",
        speech.told("All"),
        filters.address(band=""),
        words.whole(sum(t.accounts for t in book.totals)),
        _sum(book.totals),
        not filters.band,
    )
    rest = (
        Segment(
            slug,
            BANDS[slug].word,
            filters.address(band=slug),
            words.whole(by_band[slug].accounts) if slug in by_band else "0",
            _sum((by_band[slug],)) if slug in by_band else "",
            filters.band == slug,
        )
        for slug in ("red", "yellow", "green", "unknown")
    )
    return (everything, *rest)


def _sum(bands: tuple[BandTotal, ...]) -> str:
    return words.sums(money.totals(band.arr for band in bands if band.arr))


def _unrated(book: BookPage, filters: Filters) -> str:
    """What the sums leave out for want of an exchange rate."""
    shown = [total.unrated for total in book.totals if filters.band in ("", total.band)]
    return (
        speech.told("without %(accounts)s that lack a rate", accounts=words.count(sum(shown), "account"))
        if sum(shown)
        else ""
    )


def _state(book: BookPage, filters: Filters, today: date) -> str:
    by_band = {total.band: total for total in book.totals}
    everything = sum(total.accounts for total in book.totals)
    if not everything:
        if filters.search:
            return speech.told('No account matches "%(search)s".', search=filters.search)
        if filters.condition:
            return speech.told("No account fits the filter.")
        if filters.as_of:
            return speech.told("No customer was scored on %(day)s.", day=words.day(book.day, today=today))
        return speech.told("No customer has left.") if filters.former else speech.told("No accounts yet.")
    said = words.count(everything, speech.told("former customer") if filters.former else "account")
    if filters.mine:
        said = speech.told("Your %(said)s", said=said)
    if filters.search:
        said += speech.told(' matching "%(search)s"', search=filters.search)
    if filters.condition:
        said += speech.told(" that fit")
    risk = by_band.get("red")
    if risk and risk.accounts:
        at_stake = _sum((risk,))
        said += speech.told(", %(accounts)s at risk", accounts=words.whole(risk.accounts)) + (
            speech.told(" with %(at_stake)s ARR", at_stake=at_stake) if at_stake else ""
        )
    unknown = by_band.get("unknown")
    if unknown and unknown.accounts:
        said += speech.told(", %(accounts)s unknown", accounts=words.whole(unknown.accounts))
    return said + (
        speech.told(", as of %(day)s.", day=words.day(book.day, today=today)) if filters.as_of else "."
    )
