"""Deeds while a plan runs: an indicator is read, an outcome is there, a step is done; each can be taken back."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import within_reach
from keepwell.outcomes import models, visibility
from keepwell.outcomes.actions import scoring
from keepwell.outcomes.actions.plans import locked
from keepwell.outcomes.actions.telling import tell
from keepwell.outcomes.document import LARGEST

LONGEST = 10_000


def read(
    *,
    account: str,
    indicator: str,
    value: float,
    on: date,
    evidence: str,
    by: Scope,
    at: datetime,
    labels: dict[str, str] | None = None,
) -> int:
    """Note what an indicator that is bound to no metric stood at, and where that is seen. Gives the reading's number."""
    by.require("work.do")
    _past_day(on, at)
    if not abs(value) <= LARGEST:
        raise Invalid("A figure of a plan lies between -1e15 and 1e15.")
    if not evidence.strip() or len(evidence) > LONGEST:
        raise Invalid("Say where the value is from: a report, a screenshot, who said it.")
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(models.Indicator, plan, indicator)
        if row.metric:
            raise Invalid('"%(title)s" is measured. Nothing is read by hand.', title=row.title)
        found = models.Reading.objects.create(
            indicator=row,
            on=on,
            value=value,
            evidence=evidence.strip(),
            labels=visibility.checked("reading", labels or {}),
            at=at,
            by_id=by.user_id,
        )
        tell(plan, "indicator.read", by=by, at=at, feature=indicator, title=row.title, value=value,
             on_day=on.isoformat())  # fmt: skip
    return found.pk


def unread(*, account: str, indicator: str, by: Scope, at: datetime) -> None:
    """Take the last reading of an indicator away: it was wrong."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(models.Indicator, plan, indicator)
        last = models.Reading.objects.filter(indicator=row).order_by("-on", "-pk").first()
        if last is None:
            raise Conflict("It was never read.")
        models.Reading.objects.filter(pk=last.pk).delete()
        tell(plan, "plan.changed", by=by, at=at, feature=indicator, title=row.title, unread=True)


def reach(*, account: str, objective: str, on: date, evidence: str, by: Scope, at: datetime) -> None:
    """Note that an outcome is there."""
    by.require("work.do")
    _past_day(on, at)
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(models.Objective, plan, objective)
        scoring.marked(row, on=on)
        _note(models.ObjectiveReach, objective=row, on=on, evidence=evidence.strip(), at=at, by_id=by.user_id)
        tell(plan, "objective.reached", by=by, at=at, feature=objective, title=row.title)


def unreach(*, account: str, objective: str, by: Scope, at: datetime) -> None:
    """Say that an outcome is not there after all."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(models.Objective, plan, objective)
        found = models.ObjectiveReach.objects.select_related("review").filter(objective=row).first()
        if found is None:
            raise Conflict("This outcome was not marked as reached.")
        scoring.opened(found)
        models.ObjectiveReach.objects.filter(pk=found.pk).delete()
        tell(plan, "objective.reopened", by=by, at=at, feature=objective, title=row.title)


def finish(*, account: str, step: str, on: date, by: Scope, at: datetime) -> None:
    """Note that a milestone or a task is done."""
    by.require("work.do")
    _past_day(on, at)
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(models.PlanStep, plan, step)
        _note(models.PlanStepCompletion, step=row, on=on, at=at, by_id=by.user_id)
        tell(plan, "plan.step_done", by=by, at=at, feature=step, title=row.title)


def reopen(*, account: str, step: str, by: Scope, at: datetime) -> None:
    """Say that a milestone or a task is not done after all."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(models.PlanStep, plan, step)
        if not models.PlanStepCompletion.objects.filter(step=row).delete()[0]:
            raise Conflict("This step is open.")
        tell(plan, "plan.step_reopened", by=by, at=at, feature=step, title=row.title)


def _note(noun: Any, **said: Any) -> None:
    try:
        with transaction.atomic():
            noun.objects.create(**said)
    except IntegrityError:
        raise Conflict("Somebody else has noted this already.") from None


def _one(noun: Any, plan: models.SuccessPlan, slug: str) -> Any:
    found = noun.objects.filter(plan=plan, slug=slug, dropped_at=None).first()
    if found is None:
        raise NotFound('The plan has no "%(slug)s".', slug=slug)
    return found


def _past_day(on: date, at: datetime) -> None:
    if within_reach(on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was done.", day=on.isoformat())
