"""The histories of metrics that are new or say something else: computed outside of the pipeline's runs, then taken over."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction

from keepwell.ledger.models import Account
from keepwell.metrics import models
from keepwell.metrics.actions import bulk, values
from keepwell.metrics.actions.work import Work
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas import evaluation, increments
from keepwell.metrics.queries import facts

DAYS_AT_ONCE = 13
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Computed:
    """Histories in files: of which metrics by which definitions, and what they cover."""

    files: Path
    definitions: Mapping[str, Any]
    covered: increments.Coverage


def waiting() -> bool:
    """Whether any history waits. One query."""
    return models.History.objects.exists()


def computed(*, into: Path) -> Computed | None:
    """Every history that waits, computed from the lake as it stands into files; None when none does.

    How far it is stands in their rows. Cut off, it begins again.
    """
    asked = set(models.History.objects.values_list("slug", flat=True))
    extent = models.Extent.objects.first()
    if not asked or extent is None:
        return None
    work = Work.of(extent.as_of, _wholes(asked))
    metrics = [metric for metric in work.own if metric.slug in asked]
    days, definition = increments.stored_days(extent.as_of), work.definition()
    for number, rows in enumerate(_pieces(metrics, days, work, _noting(asked))):
        rows.write_parquet(into / f"{number:06}.parquet")
    covered = increments.Coverage(extent.as_of, {}, facts.beginnings(metrics, work.feed))
    return Computed(into, {metric.slug: definition[metric.slug] for metric in metrics}, covered)


def adopt(found: Computed, *, since_by_account: Mapping[int, date], keep: Collection[str] = ()) -> None:
    """Take histories over, brought up to the facts that came since they were computed; nothing else may refresh meanwhile.

    What was defined anew meanwhile goes on waiting.
    """
    with transaction.atomic():
        extent = models.Extent.objects.select_for_update().get()
        work = Work.of(extent.as_of, {*keep, *_wholes(found.definitions)})
        now = work.definition()
        metrics = [
            m for m in work.own if m.slug in found.definitions and found.definitions[m.slug] == now[m.slug]
        ]
        slugs = [metric.slug for metric in metrics]
        models.MetricValue.objects.filter(metric__in=slugs).delete()
        for file in sorted(found.files.iterdir()):
            bulk.copy_in(values.TABLE, pl.read_parquet(file).filter(pl.col("metric").is_in(slugs)))
        plan = _since(found, extent, metrics, work, since_by_account)
        values.catch_up(plan, work, metrics)
        models.MetricValue.objects.filter(metric__in=slugs).exclude(as_of__in=plan.days).delete()
        theirs = [m.slug for m in work.metrics if m.own.slug in slugs]
        extent.definition |= {slug: now[slug] for slug in (*slugs, *theirs)}
        extent.beginnings |= facts.beginnings(metrics, work.feed)
        extent.save(update_fields=["definition", "beginnings"])
        over = [slug for slug in found.definitions if slug in slugs or slug not in now]
        models.History.objects.filter(slug__in=over).delete()


def _since(
    found: Computed,
    extent: models.Extent,
    metrics: Sequence[Metric],
    work: Work,
    since_by_account: Mapping[int, date],
) -> increments.Plan:
    """What facts and days changed since the histories were computed."""
    asked = {metric.slug for metric in metrics}
    known = {slug: day for slug, day in found.covered.beginnings.items() if slug in asked}
    before = increments.Coverage(found.covered.as_of, {}, known)
    now = increments.Coverage(extent.as_of, {}, facts.beginnings(metrics, work.feed))
    return increments.plan(since_by_account=since_by_account, before=before, now=now)


def _wholes(slugs: Collection[str]) -> set[str]:
    """What a metric is kept for whose own values these are."""
    return {name for slug in slugs for name in (slug, slug.removesuffix(":own"))}


def _noting(slugs: Collection[str]) -> Progress:
    rows = models.History.objects.filter(slug__in=slugs)

    def note(done: int, total: int, unit: str) -> None:
        rows.update(done=done, total=total, unit=unit)

    return note


def _pieces(
    metrics: Sequence[Metric], days: Sequence[date], work: Work, note: Progress
) -> Iterator[pl.DataFrame]:
    """The values piece by piece: by days where one block holds all accounts, else by blocks of accounts."""
    reach = evaluation.reach(metrics, days, parameters=work.parameters, known_by=None)
    accounts = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    blocks = [accounts[start : start + values.BLOCK] for start in range(0, len(accounts), values.BLOCK)]
    by_days = len(blocks) <= 1
    chunks = (
        [days[start : start + DAYS_AT_ONCE] for start in range(0, len(days), DAYS_AT_ONCE)]
        if by_days
        else [days]
    )
    total, unit, done = (len(days), "days", 0) if by_days else (len(accounts), "accounts", 0)
    note(0, total, unit)
    with facts.by_day(reach=reach, feed=work.feed) as rows:
        for block in blocks:
            for chunk in chunks:
                found = facts.answered(metrics, rows.only(block), reach, days=chunk)
                yield found.select("account_id", "metric", "as_of", "value", "reason")
                done += len(chunk) if by_days else len(block)
                note(done, total, unit)
