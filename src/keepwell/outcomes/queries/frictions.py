"""What went against an account: what follows from facts, and what somebody of ours wrote down; each with its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from keepwell.access.scopes import Scope
from keepwell.ledger.models import Account, Person
from keepwell.outcomes import models
from keepwell.outcomes.formulas.frictions import Derived
from keepwell.plays.queries import account_cadence


@dataclass(frozen=True)
class FrictionView:
    """One friction: its kind, the day, what it says of it, and the row behind it (`key`; `id` where it was written by hand).

    `until` is when it was over; None where it lasts, or where it is a moment.
    """

    kind: str
    on: date
    text: str = ""
    value: float | None = None
    feature: str = ""
    person: str = ""
    key: str = ""
    id: int | None = None
    by: str = ""
    until: date | None = None
    settled: str = ""


def of_account(
    *,
    account: Account,
    seen_by: Scope,
    derived: Sequence[Derived],
    day: date,
    known_by: datetime | None = None,
) -> tuple[FrictionView, ...]:
    """The earliest first. Some fifteen queries, most of them for the cadence."""
    names = _names({one.person for one in derived if one.person})
    found = [
        FrictionView(
            one.kind, one.on, value=one.value, feature=one.feature, person=names.get(one.person, one.person),
            key=one.key,
        )
        for one in derived
    ]  # fmt: skip
    found += [*_written(account, day, known_by), *_steps(account, day)]
    told = account_cadence.of_account(account_id=account.pk, seen_by=seen_by, day=day)
    found += [FrictionView("cadence", since, until=until) for since, until in told.spells]
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.key, one.id or 0)))


def _names(keys: set[str]) -> dict[str, str]:
    return dict(Person.objects.filter(key__in=keys).exclude(name="").values_list("key", "name"))


def _written(account: Account, day: date, known_by: datetime | None) -> list[FrictionView]:
    rows = models.Friction.objects.filter(account=account, on__lte=day).select_related("by")
    if known_by is not None:
        rows = rows.filter(at__lt=known_by)
    over = {
        one.friction_id: one
        for one in models.FrictionSettlement.objects.filter(friction__account=account, on__lte=day)
        if known_by is None or one.at < known_by
    }
    return [
        FrictionView(
            "noted", row.on, text=row.text, id=row.pk, by=str(row.by or ""),
            until=over[row.pk].on if row.pk in over else None,
            settled=(over[row.pk].text or "-") if row.pk in over else "",
        )
        for row in rows
    ]  # fmt: skip


def _steps(account: Account, day: date) -> list[FrictionView]:
    """Milestones of the success plan that were due and were not done by then, or were done late."""
    rows = models.PlanStep.objects.filter(
        plan__account=account, kind="milestone", dropped_at=None, due_date__lt=day
    )
    done = dict(
        models.PlanStepCompletion.objects.filter(step__plan__account=account).values_list("step_id", "on")
    )
    return [
        FrictionView("step", row.due_date, text=row.title, key=row.slug, until=done.get(row.pk))
        for row in rows
        if row.due_date is not None and (row.pk not in done or done[row.pk] > row.due_date)
    ]
