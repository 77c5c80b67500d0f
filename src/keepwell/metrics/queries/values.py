"""Metric values: computed from the lake as of any days, or read as they are stored."""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Max

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import Grid, end_of
from keepwell.ledger.queries import accounts as ledger_accounts
from keepwell.ledger.queries import state
from keepwell.metrics import models
from keepwell.metrics.catalogue import Metric, read
from keepwell.metrics.formulas import evaluation
from keepwell.metrics.formulas.increments import Coverage
from keepwell.metrics.queries import catalogue, facts, rollups, settings

ORDER = ("account_id", "as_of", "metric")
_SCHEMA = {
    "account_id": pl.Int64,
    "as_of": pl.Date,
    "metric": pl.String,
    "value": pl.Float64,
    "reason": pl.String,
}
_STORED = """
    COPY (
        SELECT v.account_id, v.as_of, v.metric, v.value, v.reason FROM metrics_metricvalue v
        JOIN unnest(%s::bigint[], %s::date[]) AS s (account_id, since)
            ON v.account_id = s.account_id AND v.as_of >= s.since
        WHERE %s::text[] IS NULL OR v.metric = ANY(%s)
    ) TO STDOUT (FORMAT csv)
"""
_KNOWN = """
    SELECT string_agg(v.account_id || ',' || v.as_of || ',' || v.metric || ',' || v.value, E'\n')
    FROM metrics_metricvalue v JOIN unnest(%s::bigint[], %s::date[]) AS s (account_id, since)
        ON v.account_id = s.account_id AND v.as_of >= s.since
    WHERE v.metric = ANY(%s) AND v.value IS NOT NULL AND v.as_of BETWEEN %s AND %s
"""
FEW = 500  # accounts: of more each metric is asked on its own, so that no text grows beyond some 50 MB
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class CurrentValue:
    """One metric of an account now."""

    metric: Metric
    as_of: date
    value: float | None
    reason: str | None


@dataclass(frozen=True)
class MetricPoint:
    """One metric of an account on a stored day."""

    as_of: date
    value: float | None
    reason: str | None


def evaluate(
    *,
    metrics: Sequence[str],
    grid: Grid,
    known_by: datetime | None,
    accounts: Collection[int] | None = None,
) -> pl.DataFrame:
    """The metrics over the grid's days from what was known before `known_by` (None: as known now).

    account_id, as_of, metric, value, reason; exactly one of the last two is null. One row for every account
    that has any event by that day, ordered. Reads the lake once whatever the number of days and metrics.
    """
    return _at_once(catalogue.some(metrics), grid.days, known_by=known_by, accounts=accounts)


def tried(*, definition: Mapping[str, Any], as_of: date) -> pl.DataFrame:
    """What a metric that is not saved would say as of a day, as `evaluate` does."""
    return _at_once([read(definition)], [as_of])


def replayed(*, metrics: Sequence[str], grid: Grid, accounts: Collection[int] | None = None) -> pl.DataFrame:
    """The metrics over the grid's days, each as it was known at its own end; else as `evaluate`.

    The same as asking `evaluate` day by day with `known_by` at the end of each, in one pass over the lake.
    """
    return _at_once(catalogue.some(metrics), grid.days, as_known_then=True, accounts=accounts)


def in_turn(
    *, metrics: Sequence[str], days: Sequence[date], at_once: int, as_known_then: bool
) -> Iterator[pl.DataFrame]:
    """As `replayed`, or as `evaluate` as known now, some days after the others in their order: what is held does not grow
    with how many days are asked. One pass over the lake all the same.
    """
    return _answered(catalogue.some(metrics), days, as_known_then=as_known_then, at_once=at_once)


def _at_once(asked: Sequence[Metric], days: Sequence[date], **about: Any) -> pl.DataFrame:
    """The answers of all days, from one version of the lake."""
    with state.held():
        (found,) = _answered(asked, days, **about)
    return found


def _answered(
    asked: Sequence[Metric],
    days: Sequence[date],
    *,
    known_by: datetime | None = None,
    as_known_then: bool = False,
    accounts: Collection[int] | None = None,
    at_once: int | None = None,
) -> Iterator[pl.DataFrame]:
    """The answers of so many days after those of others; of all days at once where that is not said."""
    own = rollups.own(asked)
    trees = rollups.trees(asked, known_by=known_by, as_known_then=as_known_then)
    reach = evaluation.reach(
        own, days, parameters=settings.parameters(), known_by=known_by, as_known_then=as_known_then
    )
    until, step = end_of(max(days)), at_once or len(days)
    feed = (
        facts.feed_then(families=reach.families, until=until)
        if as_known_then
        else facts.feed(families=reach.families, until=until, known_by=known_by)
    )
    below = trees.below(accounts)
    with facts.by_day(reach=reach, feed=feed, accounts=below) as rows:
        for begin in range(0, len(days), step):
            some = days[begin : begin + step]
            found = facts.answered(own, rows, reach, days=some, few=facts.are_few(below))
            yield _only(trees.answered(found, asked), asked, accounts)


def _only(found: pl.DataFrame, asked: Sequence[Metric], accounts: Collection[int] | None) -> pl.DataFrame:
    """The rows of the asked accounts, ordered."""
    if accounts is not None:
        found = found.filter(pl.col("account_id").is_in(list(accounts)))
    return _ordered(found, sorted({metric.slug for metric in asked}))


def _ordered(found: pl.DataFrame, slugs: Sequence[str]) -> pl.DataFrame:
    """By account, day and metric; sorted by one number, which takes less than half of what three columns take."""
    if found.is_empty():
        return found
    first, last = found["as_of"].min(), found["as_of"].max()
    days = (pl.lit(last) - pl.lit(first)).dt.total_days() + 1
    day = (pl.col("as_of") - pl.lit(first)).dt.total_days()
    place = pl.col("metric").cast(pl.Enum(slugs)).to_physical().cast(pl.Int64)
    return found.sort((pl.col("account_id") * days + day) * len(slugs) + place)


def extent() -> Coverage | None:
    """What the stored values cover; None before the first refresh. One query."""
    row = models.Extent.objects.first()
    return None if row is None else Coverage(row.as_of, row.definition, row.beginnings)


def stored(*, since: Mapping[int, date], metrics: Sequence[str] | None = None) -> pl.DataFrame:
    """The stored values of accounts, each from its day on: account_id, as_of, metric, value, reason.

    Of some metrics, or of all.

    One statement, by COPY, about half a million rows a second.
    """
    text, wanted = io.BytesIO(), None if metrics is None else list(metrics)
    asked = [list(since), list(since.values()), wanted, wanted]
    with connection.cursor() as cursor, cursor.cursor.copy(_STORED, asked) as copy:
        for chunk in copy:
            text.write(chunk)
    if text.tell() == 0:
        return pl.DataFrame(schema=_SCHEMA)
    return pl.read_csv(text.getvalue(), has_header=False, schema=_SCHEMA)


def known(*, since: Mapping[int, date], metrics: Sequence[str], until: date = date.max) -> pl.DataFrame:
    """The stored values that are known, of some metrics, of accounts each from its day on, perhaps until a day: account_id,
    as_of, metric, value.

    One statement, or one a metric where many are asked. The rows come as one text: by COPY each is a message of its own. The
    first day of all is said apart, for by it the index leaves the years before unread.
    """
    schema = {name: kind for name, kind in _SCHEMA.items() if name != "reason"}
    if not since:
        return pl.DataFrame(schema=schema)
    asked, texts = [list(metrics)] if len(since) <= FEW else [[metric] for metric in metrics], []
    with connection.cursor() as cursor:
        for some in asked:
            cursor.execute(_KNOWN, [list(since), list(since.values()), some, min(since.values()), until])
            texts += [text for (text,) in cursor.fetchall() if text]
    if not texts:
        return pl.DataFrame(schema=schema)
    return pl.read_csv("\n".join(texts).encode(), has_header=False, schema=schema)


def current(*, account_id: int, seen_by: Scope) -> tuple[CurrentValue, ...]:
    """An account's metrics on the current day, in the catalogue's order. Three queries."""
    as_of = models.Extent.objects.values_list("as_of", flat=True).first()
    if as_of is None or not _visible(account_id, seen_by):
        return ()
    return _on(account_id, as_of)


def on_day(*, account_id: int, seen_by: Scope, day: date) -> tuple[CurrentValue, ...]:
    """An account's metrics on the stored day at or before a day, at most a week before. Four queries."""
    if not _visible(account_id, seen_by):
        return ()
    rows = models.MetricValue.objects.filter(account=account_id, as_of__lte=day, as_of__gt=day - WEEK)
    as_of = rows.aggregate(last=Max("as_of"))["last"]
    return () if as_of is None else _on(account_id, as_of)


def _on(account_id: int, as_of: date) -> tuple[CurrentValue, ...]:
    rows = models.MetricValue.objects.filter(account=account_id, as_of=as_of)
    found = {
        metric: (value, reason) for metric, value, reason in rows.values_list("metric", "value", "reason")
    }
    return tuple(
        CurrentValue(metric, as_of, *found[metric.slug])
        for metric in catalogue.answering()
        if metric.slug in found
    )


def history(*, account_id: int, metric: str, seen_by: Scope, since: date) -> tuple[MetricPoint, ...]:
    """The stored days of one metric of an account, ascending. Two queries."""
    catalogue.find(metric)
    if not _visible(account_id, seen_by):
        return ()
    rows = models.MetricValue.objects.filter(account=account_id, metric=metric, as_of__gte=since)
    return tuple(MetricPoint(*row) for row in rows.order_by("as_of").values_list("as_of", "value", "reason"))


def _visible(account_id: int, seen_by: Scope) -> bool:
    return ledger_accounts.visible(seen_by=seen_by).filter(pk=account_id).exists()
