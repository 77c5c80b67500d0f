"""Keep the stored values in step with the ledger."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, transaction

from keepwell.ledger.models import Account
from keepwell.metrics import models
from keepwell.metrics.actions import bulk
from keepwell.metrics.actions.work import Work
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas import evaluation, increments
from keepwell.metrics.queries import facts, feeds, rollups
from keepwell.metrics.queries.values import ORDER, stored

BLOCK = 1000
TABLE = models.MetricValue._meta.db_table


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: how many rows it wrote, whether it computed everybody, and from which day on whose values may be
    others (None: everybody's): of the accounts with new facts, and of those that answer from them.
    """

    rows: int
    everybody_since: date | None
    since_by_account: Mapping[int, date] | None


def refresh(
    *,
    since_by_account: Mapping[int, date] | None,
    as_of: date,
    keep: Collection[str] = (),
    defer: bool = False,
    after_batch: int | None = None,
) -> Refreshed:
    """Compute again what new facts changed: stored days from an account's `since` on (None: everything).

    Afterwards exactly the rows of a rebuild stand: 104 Sundays and three weeks daily of each metric that is kept, or named in
    `keep` because somebody judges by it; the others are computed when somebody asks. A metric whose definition changed is
    computed for everybody, alone; with `defer` it goes on as it was defined before, and `histories` computes it. One
    transaction; the lake is read once, once more when everybody is concerned too, and once more for changed definitions; rows
    are written in blocks of 1000 accounts, so memory stays bounded. `after_batch` is up to where the lake had been followed
    before: since when the company tells of what needs not be asked of all of it then.
    """
    with transaction.atomic():
        extent = models.Extent.objects.select_for_update().first()  # so that one refresh runs at a time
        before = None
        if extent is not None:
            before = increments.Coverage(extent.as_of, extent.definition, extent.beginnings)
        kept = None if extent is None or extent.as_of != as_of else extent.feed
        work = Work.of(as_of, keep, kept=kept, after_batch=after_batch)
        deferred = defer and before is not None and since_by_account is not None
        later = work.later(before.definition, keep) if deferred and before is not None else {}
        work = work if before is None else work.as_before(before.definition, later)
        now = increments.Coverage(as_of, work.definition(), facts.beginnings(work.own, work.feed))
        changed = _changed(before, now, work.own)
        same = (
            None if before is None else increments.Coverage(before.as_of, now.definition, before.beginnings)
        )
        plan = increments.plan(since_by_account=since_by_account, before=same, now=now)
        whole = plan.everybody_since == plan.days[0]
        steady = work.own if whole else [metric for metric in work.own if metric not in changed]
        rows = sum(_passes(plan, work, steady))
        if changed and not whole:
            rows += sum(_everybody(plan.days, work, changed))
        rows += sum(_rolled(plan, work, _changed(before, now, work.all)))
        _trim(plan.days, before, work)
        _wait(later)
        models.Extent.objects.update_or_create(
            id=1,
            defaults={
                "as_of": as_of,
                "definition": now.definition,
                "beginnings": now.beginnings,
                "feed": feeds.written(work.feed, families=work.families),
            },
        )
    return Refreshed(rows, plan.everybody_since, work.concerned(since_by_account))


def _wait(later: Mapping[str, Any]) -> None:
    """Leave word of what is computed later, unless the same waits already."""
    models.History.objects.exclude(slug__in=later).delete()
    waiting = dict(models.History.objects.values_list("slug", "definition"))
    for slug, definition in later.items():
        if waiting.get(slug) != definition:
            said = {"definition": definition, "done": 0, "total": 0}
            models.History.objects.update_or_create(slug=slug, defaults=said)


def _changed(
    before: increments.Coverage | None, now: increments.Coverage, metrics: Sequence[Metric]
) -> list[Metric]:
    """The metrics that were not stored, or by another definition."""
    known = {} if before is None else before.definition
    return [metric for metric in metrics if known.get(metric.slug) != now.definition[metric.slug]]


def catch_up(plan: increments.Plan, work: Work, metrics: Sequence[Metric]) -> int:
    """Compute some metrics again as a plan says, and whole what accounts answer by them from others below."""
    return sum(_passes(plan, work, metrics)) + sum(_rolled(plan, work, metrics, only=metrics))


def _passes(plan: increments.Plan, work: Work, metrics: Sequence[Metric]) -> Iterator[int]:
    own = plan.since_by_account
    days = plan.days_from(min(own.values()), plan.everybody_since) if own else ()
    if days and metrics:
        yield from _computed(own, days, work, metrics, only=list(own))
    if plan.everybody_since is not None:
        yield from _everybody(plan.days_from(plan.everybody_since), work, metrics)


def _everybody(days: Sequence[date], work: Work, metrics: Sequence[Metric]) -> Iterator[int]:
    yield from _computed(_of_everybody(days[0]), days, work, metrics, only=None)


def _computed(
    since: Mapping[int, date],
    days: Sequence[date],
    work: Work,
    metrics: Sequence[Metric],
    *,
    only: Sequence[int] | None,
) -> Iterator[int]:
    """Replace, for each account from its day on, the rows on these days; `only` narrows what is read."""
    reach = evaluation.reach(metrics, days, parameters=work.parameters, known_by=None)
    accounts = sorted(since)
    with facts.by_day(reach=reach, feed=work.feed, accounts=only) as rows:
        for start in range(0, len(accounts), BLOCK):
            block = {account: since[account] for account in accounts[start : start + BLOCK]}
            few = facts.are_few(only)
            values = facts.answered(metrics, rows if few else rows.only(block), reach, few=few)
            slugs = [metric.slug for metric in metrics]
            yield _replace(_from(values, block).sort(*ORDER), block, days[-1], slugs)


def _rolled(
    plan: increments.Plan,
    work: Work,
    changed: Collection[Metric],
    *,
    only: Collection[Metric] | None = None,
) -> Iterator[int]:
    """Replace what accounts answer from those below them, from the stored values of each account itself.

    Everybody's where the metric, its own values or its links say something else; else of whoever changed, and of whoever
    stands above.
    """
    for metric in work.rolled:
        if only is not None and metric.own not in only:
            continue
        whole = metric in changed or metric.own in changed
        since = _of_everybody(plan.days[0]) if whole else _reached(plan, work, metric)
        asked, accounts = [one.slug for one in rollups.own([metric])], sorted(since)
        for start in range(0, len(accounts), BLOCK):
            block = {account: since[account] for account in accounts[start : start + BLOCK]}
            read = dict.fromkeys(work.trees.below(block) or (), min(block.values()))
            answers = work.trees.answered(stored(since=read, metrics=asked), [metric])
            yield _replace(_from(answers, block).sort(*ORDER), block, plan.days[-1], [metric.slug])


def _reached(plan: increments.Plan, work: Work, metric: Metric) -> dict[int, date]:
    """From which day on whose answers may be others."""
    above = work.trees.above(plan.since_by_account, metric)
    if plan.everybody_since is None:
        return above
    everybody = _of_everybody(plan.everybody_since)
    return everybody | {account: min(day, plan.everybody_since) for account, day in above.items()}


def _of_everybody(day: date) -> dict[int, date]:
    accounts = Account.objects.order_by("pk").values_list("pk", flat=True)
    return dict.fromkeys(accounts, day)


def _from(values: pl.DataFrame, since: Mapping[int, date]) -> pl.DataFrame:
    schema = {"account_id": pl.Int64, "since": pl.Date}
    starts = pl.DataFrame({"account_id": list(since), "since": list(since.values())}, schema=schema)
    return values.join(starts, on="account_id").filter(pl.col("as_of") >= pl.col("since")).drop("since")


def _replace(values: pl.DataFrame, since: Mapping[int, date], last: date, metrics: Sequence[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} v USING unnest(%s::bigint[], %s::date[]) AS s (account_id, since) "  # noqa: S608
            "WHERE v.account_id = s.account_id AND v.metric = ANY(%s) AND v.as_of BETWEEN s.since AND %s",
            [list(since), list(since.values()), list(metrics), last],
        )
    return bulk.copy_in(TABLE, values.select("account_id", "metric", "as_of", "value", "reason"))


def _trim(days: Sequence[date], before: increments.Coverage | None, work: Work) -> None:
    """Delete what is no longer kept: days over three weeks old unless Sundays, weeks gone by, and metrics that are gone.

    One scan of the table, on the first refresh of a day or after a change of definitions only.
    """
    if before is None:
        return
    if before.as_of != days[-1]:
        models.MetricValue.objects.exclude(as_of__in=days).delete()
    if gone := set(before.definition) - {metric.slug for metric in work.all}:
        models.MetricValue.objects.filter(metric__in=gone).delete()
