"""The book of business: every account that may be seen, with its health, on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    FloatField,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from keepwell.access.scopes import Scope
from keepwell.health import models, words
from keepwell.health.formulas.scales import POINTS
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import end_of
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts

SORTS = ("health", "name", "arr", "renewal", "change")
WEEKS = 13
WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)
BEFORE_ANYTHING = date(1970, 1, 1)
Book = QuerySet[Any, Any]  # of accounts; the annotations below are beyond what types can say
# Who was put into a band without points stands among those with the points of the band.
_IN_BAND = [When(band=band, then=Value(points)) for band, points in POINTS.items()]
BAND_ORDER = ("red", "yellow", "green", "unknown")


@dataclass(frozen=True)
class BookRow:
    """One account of the book; `change` is that of the last seven days, with its main reason.

    `arr` is the sum in the reporting currency, `arr_signed` the amounts as signed.
    On a past day both, `renewal_date`, `last_touch_at` and `owner` are empty: only today's are known here.
    """

    account_id: int
    key: str
    name: str
    industry: str
    points: float | None
    band: str
    low: float
    high: float
    known_weight: float
    change: float | None
    change_reason: str
    spark: tuple[float | None, ...]
    arr: Money | None
    arr_signed: tuple[Money, ...]
    arr_unrated: tuple[str, ...]
    renewal_date: date | None
    owner: str
    last_touch_at: datetime | None
    reason: str
    overridden: bool = False


@dataclass(frozen=True)
class BandTotal:
    """How many accounts are in a band, their ARR in the reporting currency, and how many of them lack a rate for it."""

    band: str
    accounts: int
    arr: Money | None
    unrated: int


@dataclass(frozen=True)
class BookPage:
    """Some rows of the book; `total` counts all that match, `totals` all that match but for the band.

    `day` is the stored day that is shown: daily for a fortnight back, Sundays before that.
    """

    day: date
    rows: tuple[BookRow, ...]
    total: int
    totals: tuple[BandTotal, ...]


def page(
    *,
    seen_by: Scope,
    search: str = "",
    band: str | None = None,
    former: bool = False,
    owner_id: int | None = None,
    sort: str = "health",
    descending: bool = False,
    as_of: date | None = None,
    offset: int = 0,
    limit: int = 50,
) -> BookPage:
    """One page of the book now, or as it stood on a past day (the stored day at or before it).

    Now, it holds either present customers or former ones; on a past day those who were customers then.
    Five queries whatever the size: the current day, the totals, the page, its scores of 13 weeks, its owners.
    Unknown comes last in either direction.
    """
    if sort not in SORTS:
        raise Invalid(f'"{sort}" is no order of the book. Use one of {", ".join(SORTS)}.')
    day = stored_day(as_of)
    past = as_of is not None and day != _current_day()
    visible = accounts.visible(seen_by=seen_by, owner_id=owner_id)
    book = _scored(_searched(_customers(visible, day, past=past, former=former), search), day)
    totals = _totals(book, past=past)
    chosen = book if band is None else book.filter(band=band)
    found = list(_sorted(chosen, sort, descending, day)[offset : offset + limit])
    weeks = _weeks(found, day)
    owners = accounts.owners({account.pk for account in found})
    return BookPage(
        day=day,
        rows=tuple(_row(account, weeks, day, owners.get(account.pk, ()), past=past) for account in found),
        total=sum(total.accounts for total in totals if band in (None, total.band)),
        totals=totals,
    )


def row(*, account_id: int, seen_by: Scope, as_of: date | None = None) -> BookRow | None:
    """One account as the book shows it now, or as of a past day; None for one that may not be seen. Four queries."""
    day = stored_day(as_of)
    account = _scored(accounts.visible(seen_by=seen_by).filter(pk=account_id), day).first()
    if account is None:
        return None
    owners = () if as_of else accounts.owners({account_id}).get(account_id, ())
    return _row(account, _weeks([account], day), day, owners, past=as_of is not None)


def on_day(account_ids: Sequence[int], *, as_of: date, seen_by: Scope) -> dict[int, tuple[float | None, str]]:
    """Where accounts stood on the stored day at or before a day: points and band, by account. Two queries."""
    rows = _scored(accounts.visible(seen_by=seen_by).filter(pk__in=account_ids), stored_day(as_of))
    return {pk: (points, band) for pk, points, band in rows.values_list("pk", "points", "band")}


def _customers(visible: Book, day: date, *, past: bool, former: bool) -> Book:
    if not past:
        return visible.filter(former=former)
    return accounts.customers_on(visible, day).filter(
        Exists(models.Score.objects.filter(account=OuterRef("pk"), as_of=day))
    )


def _current_day() -> date | None:
    return models.Extent.objects.values_list("as_of", flat=True).first()


def stored_day(as_of: date | None) -> date:
    """The stored day at or before the asked one (None: now): a day of the last fortnight, or a Sunday. One query."""
    current = _current_day()
    if current is None:
        return as_of or BEFORE_ANYTHING
    if as_of is None or as_of >= current:
        return current
    if current - as_of < FORTNIGHT:
        return as_of
    return as_of - timedelta(days=(as_of.weekday() + 1) % 7)


def _searched(found: Book, search: str) -> Book:
    if not search:
        return found
    return found.filter(Q(name__icontains=search) | Q(key__icontains=search))


def _scored(found: Book, day: date) -> Book:
    """Accounts with the points and the band of a day: by the override that held at its end, else by the score."""
    ends = end_of(day)
    held = Q(override__made_at__lt=ends) & (Q(override__ended_at=None) | Q(override__ended_at__gte=ends))
    scored: Book = found.annotate(
        that_day=FilteredRelation("health_score", condition=Q(health_score__as_of=day)),
        held=FilteredRelation("override", condition=held),
        overridden=F("held__pk"),
        points=Case(When(held__pk__isnull=False, then=F("held__points")), default=F("that_day__points")),
        band=Coalesce(F("held__band"), F("that_day__band"), Value("unknown")),
    )
    return scored


def _totals(book: Book, *, past: bool) -> tuple[BandTotal, ...]:
    sums = (
        book.order_by()
        .values("band")
        .annotate(
            accounts=Count("pk"),
            arr=Sum("arr_reporting"),
            currency=Max("reporting_currency"),
            unrated=Count("pk", filter=Q(arr_unrated__len__gt=0)),
        )
    )
    by_band = {row["band"]: row for row in sums}
    return tuple(_total(band, by_band[band], past=past) for band in BAND_ORDER if band in by_band)


def _total(band: str, row: Mapping[str, Any], *, past: bool) -> BandTotal:
    if past:
        return BandTotal(band, row["accounts"], None, 0)
    arr = None if row["arr"] is None else Money(row["arr"], row["currency"])
    return BandTotal(band, row["accounts"], arr, row["unrated"])


def _sorted(book: Book, sort: str, descending: bool, day: date) -> Book:
    if sort == "change":
        before = models.Score.objects.filter(account=OuterRef("pk"), as_of=day - WEEK)
        then = Subquery(before.values("points")[:1], output_field=FloatField())
        book = book.annotate(change=F("points") - then)
    by: dict[str, Any] = {
        "health": Coalesce(F("points"), Case(*_IN_BAND, default=None, output_field=FloatField())),
        "name": Lower("name"),
        "arr": F("arr_reporting"),
        "renewal": F("renewal_date"),
        "change": F("change"),
    }
    order = by[sort].desc if descending else by[sort].asc
    # Where ARR is not known, accounts that have one in a currency without a rate come before those without any.
    then_by = ("-arr_unrated",) if sort == "arr" else ()
    ordered: Book = book.order_by(order(nulls_last=True), *then_by, "key")
    return ordered


def _weeks(found: Sequence[Any], day: date) -> dict[int, dict[date, models.Score]]:
    """The scores of 13 weeks by account and day; parts only of the day itself and of the one a week before."""
    if not found:
        return {}
    asked = [*_spark_days(day), day - WEEK]
    told = Case(When(as_of__in=(day, day - WEEK), then=F("parts")), default=None, output_field=JSONField())
    rows = models.Score.objects.filter(account__in=found, as_of__in=asked).defer("parts").annotate(told=told)
    weeks: dict[int, dict[date, models.Score]] = {}
    for score in rows:
        weeks.setdefault(score.account_id, {})[score.as_of] = score
    return weeks


def _spark_days(day: date) -> list[date]:
    """The day and the Sundays before it, ascending."""
    last_sunday = day - timedelta(days=day.weekday() + 1)
    return [*(last_sunday - WEEK * back for back in range(WEEKS - 2, -1, -1)), day]


def _row(
    account: Any,
    weeks: Mapping[int, Mapping[date, Any]],
    day: date,
    owners: Sequence[accounts.Owner],
    *,
    past: bool,
) -> BookRow:
    scores = weeks.get(account.pk, {})
    days = _spark_days(day)
    now, before = scores.get(day), scores.get(day - WEEK)
    told = bool(now and before and now.points is not None and before.points is not None)
    return BookRow(
        account_id=account.pk,
        key=account.key,
        name=account.name,
        industry=account.industry,
        points=account.points,
        band=account.band,
        low=now.low if now else 0.0,
        high=now.high if now else 100.0,
        known_weight=now.known_weight if now else 0.0,
        change=round(now.points - before.points, 4) if now and before and told else None,
        change_reason=words.moved(before.told, now.told) if now and before else "",
        spark=tuple(scores[week].points if week in scores else None for week in days),
        arr=None if past else accounts.arr_reporting(account),
        arr_signed=() if past else accounts.arr_parts(account),
        arr_unrated=() if past else tuple(account.arr_unrated),
        renewal_date=None if past else account.renewal_date,
        owner="" if past else _owner(owners),
        last_touch_at=None if past else account.last_touch_at,
        reason=words.worst(now.told) if now else "",
        overridden=account.overridden is not None,
    )


def _owner(owners: Sequence[accounts.Owner]) -> str:
    """The success manager, or whoever else owns the account."""
    return next((owner.name for owner in owners if owner.role == "csm"), owners[0].name if owners else "")
