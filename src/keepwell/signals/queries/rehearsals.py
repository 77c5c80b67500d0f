"""Reads of rehearsals."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.signals import models


@dataclass(frozen=True)
class RehearsalView:
    """What was asked of which version, how far it is, and what was found of it and of the version beside it."""

    id: int
    rule: str
    number: int
    is_as_rehearsed: bool
    against: int | None
    asked_at: datetime
    step_days: int
    horizon_days: int
    since: date | None
    until: date | None
    state: str
    steps_done: int
    steps_total: int | None
    finished_at: datetime | None
    error: str
    figures: dict[str, Any] | None
    other: dict[str, Any] | None


def find(*, rehearsal_id: int, seen_by: Scope) -> RehearsalView:
    """One rehearsal. It speaks of the whole company, so only those see it who see all of it. One query."""
    row = _rows(seen_by).filter(pk=rehearsal_id).first()
    if row is None:
        raise NotFound("There is no rehearsal %(rehearsal_id)s.", rehearsal_id=rehearsal_id)
    return _view(row)


def of_rule(*, slug: str, seen_by: Scope, limit: int = 20) -> tuple[RehearsalView, ...]:
    """The rehearsals of a rule, the newest first. One query."""
    rows = _rows(seen_by).filter(version__rule__slug=slug).order_by("-asked_at", "-pk")
    return tuple(_view(row) for row in rows[:limit])


def unfinished() -> tuple[int, ...]:
    """Rehearsals that wait or were cut off. One query."""
    rows = models.Rehearsal.objects.filter(state__in=("queued", "running"))
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def _rows(seen_by: Scope) -> "QuerySet[models.Rehearsal]":
    rows = models.Rehearsal.objects.select_related("version__rule", "against")
    return rows if seen_by.everything else rows.none()


def _view(row: models.Rehearsal) -> RehearsalView:
    return RehearsalView(
        row.pk,
        row.version.rule.slug,
        row.version.number,
        row.version.definition == row.definition,
        None if row.against is None else row.against.number,
        row.asked_at,
        row.step_days,
        row.horizon_days,
        row.since,
        row.until,
        row.state,
        row.steps_done,
        row.steps_total,
        row.finished_at,
        row.error,
        row.figures,
        row.other,
    )
