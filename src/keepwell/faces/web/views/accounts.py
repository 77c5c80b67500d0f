"""The book of business: page, rows of a scroll and CSV of one and the same question."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.downloads import Echo, safe
from keepwell.faces.web.pages import accounts as pages
from keepwell.faces.web.pages import measures
from keepwell.faces.web.pages.filters import LIMIT, STATE, Filters, Shown
from keepwell.faces.web.queries import saved_views
from keepwell.faces.web.queries.saved_views import ViewView
from keepwell.health.queries import book
from keepwell.health.queries.book import BookPage
from keepwell.health.queries.sheet.question import Order
from keepwell.health.queries.sheet.rows import BookRow
from keepwell.health.queries.sheet.shown import Column
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.queries import settings
from keepwell.segments.queries import vocabulary

AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """What an address asks, in the words and columns that exist."""

    asking: Asking
    said: Vocabulary
    known: Mapping[str, Column]
    filters: Filters

    @classmethod
    def of(cls, query: Mapping[str, str], asking: Asking) -> "Asked":
        """Read an address."""
        said = vocabulary.accounts()
        return cls(asking, said, book.columns(said), Filters.read(query, today=asking.day, said=said))

    @property
    def question(self) -> Any:
        """What is asked of the book."""
        return self.filters.question(owner_id=self.asking.by.pk)

    def page(self, *, limit: int = LIMIT) -> BookPage:
        """Rows with their totals."""
        return book.page(
            seen_by=self.asking.seen_by,
            asked=self.question,
            offset=self.filters.offset,
            limit=limit,
            said=self.said,
        )

    def rows(self, *, offset: int, limit: int) -> tuple[BookRow, ...]:
        """Rows alone."""
        return book.some(
            seen_by=self.asking.seen_by, asked=self.question, offset=offset, limit=limit, said=self.said
        )


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page, or the book alone for HTMX."""
    if changed := _changed(request, asking):
        return HttpResponseRedirect(changed)
    views = saved_views.everything(seen_by=asking.seen_by)
    asked = Asked.of(_opened(request.GET.dict(), views), asking)
    found = asked.page()
    if not found.rows and found.total:
        asked = replace(asked, filters=replace(asked.filters, offset=(found.total - 1) // LIMIT * LIMIT))
        found = asked.page()
    page = pages.page(
        found, filters=asked.filters, known=asked.known, now=asking.now, asker=_asker(asking), views=views
    )
    response = respond(request, "web/accounts.html", page, part="book")
    typed = request.headers.get("HX-Trigger-Name") == "q"
    filters = asked.filters
    response.headers["HX-Replace-Url" if typed else "HX-Push-Url"] = filters.address(offset=filters.offset)
    return response


def _opened(query: dict[str, str], views: tuple[ViewView, ...]) -> dict[str, str]:
    """The state of the view that is named, or of the one that opens first, unless the address says its own."""
    if any(query.get(name) for name in STATE):
        return query
    named = query.get("view", "")
    view = next((v for v in views if str(v.id) == named or (not named and v.is_default)), None)
    if view is None:
        return query
    return QueryDict(view.state).dict() | {"view": str(view.id), "offset": query.get("offset") or "0"}


def _changed(request: HttpRequest, asking: Asking) -> str:
    """Where the forms of the menus lead, which name one more column, order or group beside the state."""
    given = {name: request.GET[name] for name in ("add", "by", "in") if request.GET.get(name)}
    if not given:
        return ""
    filters = Asked.of(request.GET.dict(), asking).filters
    changes: dict[str, object] = {}
    if "add" in given:
        changes["columns"] = (*filters.columns, Shown(given["add"]))
    if "by" in given:
        changes["order"] = (*filters.order, Order(given["by"].removeprefix("-"), given["by"].startswith("-")))
    if "in" in given:
        changes["group"] = given["in"]
    return replace(filters, **changes).address()  # type: ignore[arg-type] # the names are our own


@require_GET
@signed_in
def rows(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The rows from a place on, for a scroll."""
    asked = Asked.of(request.GET.dict(), asking)
    offset, grouped = asked.filters.offset, bool(asked.filters.group)
    first = max(0, offset - 1) if grouped else offset
    found = asked.rows(offset=first, limit=LIMIT + offset - first)
    before = found[0].group if first < offset and found else None
    part = pages.rows(
        found[offset - first :], filters=asked.filters, known=asked.known, today=asking.today, before=before
    )
    return respond(request, "web/account_rows.html", part)


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking) -> StreamingHttpResponse:
    """The current view as CSV: its columns in its order, all of its rows."""
    asked = Asked.of(request.GET.dict(), asking)
    first = asked.page(limit=AT_ONCE)
    response = StreamingHttpResponse(_lines(asked, first), content_type="text/csv; charset=utf-8")
    day = first.day if asked.filters.as_of else asking.day
    response.headers["Content-Disposition"] = f'attachment; filename="accounts-{day}.csv"'
    return response


@require_GET
@signed_in
def suggestions(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Accounts that somebody may mean who types into the field that `in` names, for a list of proposals."""
    typed = request.GET.get(request.GET.get("in", ""), "").strip()
    found = accounts.suggested(typed, seen_by=asking.seen_by) if typed else ()
    return respond(request, "web/account_suggestions.html", found)


def _asker(asking: Asking) -> pages.Asker:
    may = asking.seen_by.may
    return pages.Asker(
        sees_everything=asking.seen_by.everything,
        may_import=may("data.import"),
        owns_some=accounts.owns_some(user_id=asking.by.pk),
        may_work=may("work.do"),
        lacks_core_features=may("config.change") and measures.lacks_core_features(settings.parameters()),
    )


def _lines(asked: Asked, first: BookPage) -> Iterator[str]:
    """A line an account; the ids stand once, so that no row is told twice or left out while others change."""
    writer = csv.writer(Echo())
    columns = [asked.known[shown.slug] for shown in asked.filters.columns]
    yield writer.writerow(["key", "name", *(name for column in columns for name in _names(column))])
    rows, offset = first.rows, asked.filters.offset
    while True:
        for row in rows:
            told = (value for column in columns for value in _values(row, column))
            yield writer.writerow([safe(row.key), safe(row.name), *told])
        offset += len(rows)
        if len(rows) < AT_ONCE:
            return
        rows = asked.rows(offset=offset, limit=AT_ONCE)


_SEVERAL = {
    "health": ("health", "band", "known_weight_percent", "low", "high"),
    "change": ("change_7_days", "reason"),
    "arr": ("arr", "currency", "arr_signed"),
    "renewal": ("renewal_date",),
    "touch": ("last_touch_at",),
    "next": ("next_step", "next_kind", "next_at"),
    "age": ("heard_at",),
}


def _names(column: Column) -> tuple[str, ...]:
    return _SEVERAL.get(column.slug, (column.slug,))


def _values(row: BookRow, column: Column) -> tuple[object, ...]:
    if column.slug == "health":
        return (row.points, row.band, row.known_weight, row.low, row.high)
    if column.slug == "change":
        return (row.change, safe(row.change_reason if row.change and round(row.change) else row.reason))
    if column.slug == "arr":
        signed = " + ".join(f"{money.amount} {money.currency}" for money in row.arr_signed)
        return (row.arr.amount if row.arr else "", row.arr.currency if row.arr else "", signed)
    if column.kind == "step":
        step = row.more.get(column.slug)
        return (safe(step.what), step.kind, step.at.isoformat()) if step else ("", "", "")
    if column.kind == "spark":
        points = row.trends.get(column.slug, row.spark)
        return (" ".join("" if each is None else f"{each:g}" for each in points),)
    own = {"renewal": row.renewal_date, "owner": row.owner, "touch": row.last_touch_at}
    return (_plain(own.get(column.slug, row.more.get(column.slug))),)


def _plain(value: Any) -> object:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return safe(", ".join(value))
    if isinstance(value, date):
        return value.isoformat()
    return safe(value) if isinstance(value, str) else value
