"""Keep the stored values in step with the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction

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
    """Compute again what new facts changed: the stored days from an account's `since` on (None: everything).

    Afterwards exactly the rows of a rebuild stand: 104 Sundays and the current day. One transaction; the
    lake is read once or twice, rows are written in blocks of 1000 accounts (about a million rows), so
    memory stays bounded.
    """
    with transaction.atomic():
        parameters = settings.parameters()
        before = _before()
        now = increments.Coverage(as_of, definition(parameters), facts.beginnings(as_of=as_of))
        plan = increments.plan(since_by_account=since_by_account, before=before, now=now)
        rows = sum(_passes(plan, parameters))
        _trim(plan.days, before)
        models.Extent.objects.update_or_create(
            defaults={"as_of": as_of, "definition": now.definition, "beginnings": now.beginnings}
        )
    return Refreshed(rows, plan.everybody_since)


def definition(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What values depend on besides facts: the declared measures and their parameters."""
    return {slug: [repr(metric.measure), parameters.get(slug, {})] for slug, metric in METRICS.items()}


def _before() -> increments.Coverage | None:
    """What is stored, locked so that one refresh runs at a time."""
    extent = models.Extent.objects.select_for_update().first()
    return None if extent is None else increments.Coverage(extent.as_of, extent.definition, extent.beginnings)


def _passes(plan: increments.Plan, parameters: dict[str, dict[str, Any]]) -> Iterator[int]:
    own = plan.since_by_account
    if own:
        days = plan.days_from(min(own.values()), plan.everybody_since)
        yield from _computed(sorted(own), days, parameters, own)
    if plan.everybody_since is not None:
        everybody = list(Account.objects.order_by("pk").values_list("pk", flat=True))
        yield from _computed(everybody, plan.days_from(plan.everybody_since), parameters, None)


def _computed(
    accounts: Sequence[int],
    days: Sequence[date],
    parameters: dict[str, dict[str, Any]],
    since: Mapping[int, date] | None,
) -> Iterator[int]:
    """Replace the rows of these accounts on these days; with `since`, for each account only those from its
    day on.
    """
    if not days:
        return
    metrics = list(METRICS.values())
    asked = accounts if since is not None else None
    rows = facts.by_day(metrics=metrics, days=days, known_by=None, parameters=parameters, accounts=asked)
    for start in range(0, len(accounts), BLOCK):
        block = accounts[start : start + BLOCK]
        values = evaluation.evaluated(metrics, days, rows.only(block), parameters=parameters)
        found: pl.LazyFrame = values.to_native()
        since_by = {account: days[0] if since is None else since[account] for account in block}
        yield _replace(_from(found, since_by).sort(*ORDER).collect(), since_by, days[-1])


def _from(values: pl.LazyFrame, since: Mapping[int, date]) -> pl.LazyFrame:
    schema = {"account_id": pl.Int64, "since": pl.Date}
    starts = pl.LazyFrame({"account_id": list(since), "since": list(since.values())}, schema=schema)
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
    """Delete days that are no longer kept: the previous current day unless a Sunday, and weeks gone by.

    One scan of the table, on the first refresh of a day only.
    """
    if before is not None and before.as_of != days[-1]:
        models.MetricValue.objects.exclude(as_of__in=days).delete()
