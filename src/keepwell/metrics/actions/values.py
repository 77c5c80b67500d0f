"""Keep the stored values in step with the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction

from keepwell.kernel.moments import end_of
from keepwell.ledger.models import Account
from keepwell.metrics import models
from keepwell.metrics.actions import bulk
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.formulas import evaluation, increments
from keepwell.metrics.queries import facts, settings
from keepwell.metrics.queries.values import ORDER

BLOCK = 1000
TABLE = models.MetricValue._meta.db_table


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: how many rows it wrote, and whether it computed everybody."""

    rows: int
    everybody_since: date | None


def refresh(*, since_by_account: Mapping[int, date] | None, as_of: date) -> Refreshed:
    """Compute again what new facts changed: stored days from an account's `since` on (None: everything).

    Afterwards exactly the rows of a rebuild stand: 104 Sundays and three weeks daily. One transaction; the
    lake is read once, or twice when everybody is concerned too; rows are written in blocks of 1000
    accounts (about a million rows), so memory stays bounded.
    """
    with transaction.atomic():
        before = _before()
        work = _Work(settings.parameters(), facts.feed(until=end_of(as_of), known_by=None))
        now = increments.Coverage(as_of, settings.definition(work.parameters), facts.beginnings(work.feed))
        plan = increments.plan(since_by_account=since_by_account, before=before, now=now)
        rows = sum(_passes(plan, work))
        _trim(plan.days, before)
        models.Extent.objects.update_or_create(
            id=1, defaults={"as_of": as_of, "definition": now.definition, "beginnings": now.beginnings}
        )
    return Refreshed(rows, plan.everybody_since)


@dataclass(frozen=True)
class _Work:
    """What all passes of one refresh share."""

    parameters: Mapping[str, Mapping[str, Any]]
    feed: pl.DataFrame


def _before() -> increments.Coverage | None:
    """What is stored, locked so that one refresh runs at a time."""
    extent = models.Extent.objects.select_for_update().first()
    return None if extent is None else increments.Coverage(extent.as_of, extent.definition, extent.beginnings)


def _passes(plan: increments.Plan, work: _Work) -> Iterator[int]:
    own = plan.since_by_account
    days = plan.days_from(min(own.values()), plan.everybody_since) if own else ()
    if days:
        yield from _computed(own, days, work, only=list(own))
    if plan.everybody_since is not None:
        everybody = Account.objects.order_by("pk").values_list("pk", flat=True)
        days = plan.days_from(plan.everybody_since)
        yield from _computed(dict.fromkeys(everybody, days[0]), days, work, only=None)


def _computed(
    since: Mapping[int, date], days: Sequence[date], work: _Work, *, only: Sequence[int] | None
) -> Iterator[int]:
    """Replace, for each account from its day on, the rows on these days; `only` narrows what is read."""
    metrics = list(METRICS.values())
    accounts = sorted(since)
    with facts.by_day(
        metrics=metrics, days=days, known_by=None, parameters=work.parameters, feed=work.feed, accounts=only
    ) as rows:
        for start in range(0, len(accounts), BLOCK):
            block = {account: since[account] for account in accounts[start : start + BLOCK]}
            values = evaluation.evaluated(metrics, days, rows.only(block), parameters=work.parameters)
            yield _replace(_from(facts.collected(values), block).sort(*ORDER), block, days[-1])


def _from(values: pl.DataFrame, since: Mapping[int, date]) -> pl.DataFrame:
    schema = {"account_id": pl.Int64, "since": pl.Date}
    starts = pl.DataFrame({"account_id": list(since), "since": list(since.values())}, schema=schema)
    return values.join(starts, on="account_id").filter(pl.col("as_of") >= pl.col("since")).drop("since")


def _replace(values: pl.DataFrame, since: Mapping[int, date], last: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} v USING unnest(%s::bigint[], %s::date[]) AS s (account_id, since) "  # noqa: S608
            "WHERE v.account_id = s.account_id AND v.as_of BETWEEN s.since AND %s",
            [list(since), list(since.values()), last],
        )
    return bulk.copy_in(TABLE, values.select("account_id", "metric", "as_of", "value", "reason"))


def _trim(days: Sequence[date], before: increments.Coverage | None) -> None:
    """Delete days that are no longer kept: days over three weeks old unless Sundays, and weeks gone by.

    One scan of the table, on the first refresh of a day only.
    """
    if before is not None and before.as_of != days[-1]:
        models.MetricValue.objects.exclude(as_of__in=days).delete()
