"""Deeds on what the company decides about its metrics."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid
from keepwell.metrics import models
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import catalogue


def save(*, metric: str, parameters: Mapping[str, Any], by: Scope, at: datetime) -> None:
    """Set a metric's parameters. Stored values follow with the next refresh, which then computes everything."""
    by.require("config.change")
    checked = _checked(catalogue.find(metric), parameters)
    with transaction.atomic():
        before = (
            models.MetricSetting.objects.filter(metric=metric).values_list("parameters", flat=True).first()
        )
        if before == checked:
            return
        models.MetricSetting.objects.update_or_create(metric=metric, defaults={"parameters": checked})
        audit.record(
            by=by, at=at, deed="metric.set", subject=f"metric:{metric}", before=before, after=checked
        )


def _checked(metric: Metric, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, known by name, each a list of distinct non-empty names in order."""
    unknown = sorted(set(parameters) - set(metric.parameters))
    if unknown:
        allowed = ", ".join(metric.parameters) or "none"
        raise Invalid(
            '%(slug)s has no parameter "%(unknown)s". Allowed: %(allowed)s.',
            slug=metric.slug,
            unknown=unknown[0],
            allowed=allowed,
        )
    for name, names in parameters.items():
        if not isinstance(names, list) or not all(isinstance(item, str) and item for item in names):
            raise Invalid(
                '%(slug)s: "%(name)s" must be a list of names, such as ["export", "share"].',
                slug=metric.slug,
                name=name,
            )
    return {name: sorted(set(names)) for name, names in parameters.items()}
