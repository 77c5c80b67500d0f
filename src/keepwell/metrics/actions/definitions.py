"""Deeds on the metrics that a company defines: say one, say it otherwise, retire it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.metrics import catalogue, models
from keepwell.metrics.catalogue import Metric

MOST = 100


def save(*, definition: Mapping[str, Any], by: Scope, at: datetime) -> Metric:
    """Define a metric, or define it otherwise; a retired one comes back. Its history alone follows with the next run."""
    by.require("config.change")
    metric = catalogue.read(definition)
    if metric.slug in catalogue.METRICS:
        raise Invalid('"%(slug)s" is a metric that Keepwell brings. Choose another slug.', slug=metric.slug)
    _check_use(metric)
    said = catalogue.written(metric)
    with transaction.atomic():
        row = models.MetricDefinition.objects.select_for_update().filter(slug=metric.slug).first()
        if row is None:
            if models.MetricDefinition.objects.filter(retired_at=None).count() >= MOST:
                raise Invalid("%(most)s defined metrics are the most. Retire one first.", most=MOST)
            row = models.MetricDefinition.objects.create(
                slug=metric.slug, definition=said, created_at=at, changed_at=at
            )
            _note(row, said, by, at, before=None)
        elif row.definition != said or row.retired_at is not None:
            before = row.definition
            row.definition, row.version, row.changed_at, row.retired_at = said, row.version + 1, at, None
            row.save(update_fields=["definition", "version", "changed_at", "retired_at"])
            _note(row, said, by, at, before=before)
    return metric


def _check_use(metric: Metric) -> None:
    """Refuse to tell no longer apart what something rests on."""
    kept = {metric.slug, *(part.slug for part in metric.parts)}
    for use in registry.uses():
        for slug in sorted(use.metrics):
            if _whole(slug) == metric.slug and slug not in kept:
                raise Invalid(
                    '%(use)s rests on "%(slug)s". Keep its value among those that are told apart.',
                    use=use,
                    slug=slug,
                )


def _whole(slug: str) -> str:
    """The slug of the metric that something named is, or is a part of."""
    return slug.partition(":")[0]


def _note(
    row: models.MetricDefinition, said: Mapping[str, Any], by: Scope, at: datetime, *, before: Any
) -> None:
    models.MetricVersion.objects.create(metric=row, number=row.version, definition=said, at=at)
    audit.record(by=by, at=at, deed="metric.save", subject=f"metric:{row.slug}", before=before, after=said)


def retire(*, slug: str, by: Scope, at: datetime) -> None:
    """Compute a defined metric no more; its stored history goes with the next run, its versions stay.

    Refused while scorecards, their drafts or segments rest on it.
    """
    by.require("config.change")
    resting = [str(use) for use in registry.uses() if any(_whole(asked) == slug for asked in use.metrics)]
    if resting:
        raise Invalid(
            '%(listed)s rests on "%(slug)s". Say that without it first.', listed=", ".join(resting), slug=slug
        )
    with transaction.atomic():
        live = models.MetricDefinition.objects.filter(slug=slug, retired_at=None)
        if not live.update(retired_at=at):
            brought = " It is one that Keepwell brings." if slug in catalogue.METRICS else ""
            raise NotFound('There is no defined metric "%(slug)s".%(brought)s', slug=slug, brought=brought)
        audit.record(by=by, at=at, deed="metric.retire", subject=f"metric:{slug}")
