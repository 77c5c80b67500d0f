"""Some accounts as rows of a list, each with whatever columns were asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F

from keepwell.health import models, words
from keepwell.health.formulas import weeks
from keepwell.health.queries.sheet import shown
from keepwell.health.queries.sheet.joins import Rows, Sheet
from keepwell.health.queries.sheet.shown import Column
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.metrics.models import MetricValue
from keepwell.segments.queries.vocabulary import METRIC

Spark = tuple[float | None, ...]
NEXT = "next"
_ACCOUNT = (
    "key", "name", "industry", "arr_reporting", "reporting_currency", "arr_parts", "arr_unrated", "renewal_date",
    "last_touch_at",
)  # fmt: skip
USUAL = frozenset({"name", *shown.USUAL})


class Scored(NamedTuple):
    """The score of an account on a day."""

    account_id: int
    as_of: date
    points: float | None
    low: float
    high: float
    known_weight: float
    parts: Sequence[Mapping[str, Any]]
    computed_at: datetime


_SCORE = Scored._fields


@dataclass(frozen=True)
class Step:
    """What is due next for an account: a task, an incident, a meeting or the renewal; `what` says which, not of a renewal."""

    at: datetime
    kind: str
    what: str


@dataclass(frozen=True)
class BookRow:
    """One account of the book; `change` is that of the last seven days, with its main reason.

    `arr` is the sum in the reporting currency, `arr_signed` the amounts as signed. `more` has the other columns that were
    asked, `trends` thirteen weeks of measures, both by the column's slug; `group` is what it is grouped by.
    On a past day `arr`, `arr_signed`, `renewal_date`, `last_touch_at` and `owner` are empty: only today's are known here.
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
    spark: Spark
    arr: Money | None
    arr_signed: tuple[Money, ...]
    arr_unrated: tuple[str, ...]
    renewal_date: date | None
    owner: str
    last_touch_at: datetime | None
    reason: str
    overridden: bool = False
    scored_at: datetime | None = None
    group: Any = None
    more: Mapping[str, Any] = field(default_factory=dict)
    trends: Mapping[str, Spark] = field(default_factory=dict)


def read(
    sheet: Sheet, ids: Sequence[int], columns: Sequence[Column], groups: Mapping[int, Any]
) -> tuple[BookRow, ...]:
    """These accounts in their order. Three queries: the accounts, two scores of each, owners; a fourth for trends."""
    if not ids:
        return ()
    more = {f"more{place}": column for place, column in enumerate(c for c in columns if _is_more(c))}
    asked = {name: sheet.value(column.reads or column.slug) for name, column in more.items()}
    if any(column.slug == NEXT for column in more.values()):
        asked |= {"next_kind": F("line__next_kind"), "next_what": F("line__next_what")}
    found = {row.pk: row for row in _standing(sheet).only(*_ACCOUNT).filter(pk__in=ids).annotate(**asked)}
    scores = _scores(ids, sheet.day)
    owned = {} if sheet.past else accounts.owners(ids)
    trends = _trends(ids, columns, sheet.day)
    sparks = (
        _weeks(ids, sheet.day) if sheet.past else {pk: tuple(row.weeks or ()) for pk, row in found.items()}
    )
    return tuple(
        _row(
            found[pk], scores.get(pk, {}), sheet, owned.get(pk, ()), sparks.get(pk, ()), groups.get(pk),
            {column.slug: _more(found[pk], name, column) for name, column in more.items()}, trends.get(pk, {}),
        )
        for pk in ids
        if pk in found
    )  # fmt: skip


def _more(row: Any, name: str, column: Column) -> Any:
    value = getattr(row, name)
    return Step(value, row.next_kind, row.next_what) if column.slug == NEXT and value else value


def _is_more(column: Column) -> bool:
    return column.slug not in USUAL and not column.slug.startswith(shown.TREND)


def _standing(sheet: Sheet) -> Rows:
    if sheet.past:
        return sheet.rows
    found: Rows = sheet.rows.annotate(
        points=F("standing__points"),
        band=sheet.value("score.band"),
        overridden=F("standing__override"),
        weeks=F("standing__weeks"),
    )
    return found


def _scores(ids: Sequence[int], day: date) -> dict[int, dict[date, Scored]]:
    """The scores of the day and of the week before, with their parts."""
    rows = models.Score.objects.filter(account__in=ids, as_of__in=(day, day - weeks.WEEK)).values_list(
        *_SCORE
    )
    found: dict[int, dict[date, Scored]] = {}
    for row in rows:
        score = Scored(*row)
        found.setdefault(score.account_id, {})[score.as_of] = score
    return found


def _weeks(ids: Sequence[int], day: date) -> dict[int, Spark]:
    days = weeks.shown(day)
    rows = models.Score.objects.filter(account__in=ids, as_of__in=days).values_list(
        "account", "as_of", "points"
    )
    found: dict[int, dict[date, float | None]] = {}
    for account, as_of, points in rows:
        found.setdefault(account, {})[as_of] = points
    return {account: tuple(said.get(each) for each in days) for account, said in found.items()}


def _trends(ids: Sequence[int], columns: Sequence[Column], day: date) -> dict[int, dict[str, Spark]]:
    """Thirteen weeks of each measure that is asked as a trend. One query if any is."""
    slugs = [c.reads.removeprefix(METRIC) for c in columns if c.slug.startswith(shown.TREND)]
    if not slugs:
        return {}
    days = weeks.shown(day)
    rows = MetricValue.objects.filter(account__in=ids, metric__in=slugs, as_of__in=days)
    told = {(a, m, d): v for a, m, d, v in rows.values_list("account_id", "metric", "as_of", "value")}
    return {
        pk: {f"{shown.TREND}{slug}": tuple(told.get((pk, slug, each)) for each in days) for slug in slugs}
        for pk in ids
    }


def _row(
    account: Any,
    scores: Mapping[date, Scored],
    sheet: Sheet,
    owners: Sequence[accounts.Owner],
    spark: Spark,
    group: Any,
    more: Mapping[str, Any],
    trends: Mapping[str, Spark],
) -> BookRow:
    now, before, past = scores.get(sheet.day), scores.get(sheet.day - weeks.WEEK), sheet.past
    points = [score.points if score else None for score in (before, now)]
    known = [each for each in points if each is not None]
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
        change=round(known[1] - known[0], 4) if len(known) == len(points) else None,
        change_reason=words.moved(before.parts, now.parts) if now and before else "",
        spark=spark or (None,) * weeks.SHOWN,
        arr=None if past else accounts.arr_reporting(account),
        arr_signed=() if past else accounts.arr_parts(account),
        arr_unrated=() if past else tuple(account.arr_unrated),
        renewal_date=None if past else account.renewal_date,
        owner="" if past else _owner(owners),
        last_touch_at=None if past else account.last_touch_at,
        reason=words.worst(now.parts) if now else "",
        overridden=account.overridden is not None,
        scored_at=now.computed_at if now else None,
        group=group,
        more=more,
        trends=trends,
    )


def _owner(owners: Sequence[accounts.Owner]) -> str:
    """The success manager, or whoever else owns the account."""
    return next((owner.name for owner in owners if owner.role == "csm"), owners[0].name if owners else "")
