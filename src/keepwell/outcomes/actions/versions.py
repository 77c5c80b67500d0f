"""Deeds that freeze a plan: agreed with the customer, refreshed with them; the last of them can be taken back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import start_of, within_reach
from keepwell.ledger.actions import events
from keepwell.ledger.models import Stakeholder
from keepwell.outcomes import document, models
from keepwell.outcomes.actions.plans import locked
from keepwell.outcomes.actions.telling import SOURCE, named, tell
from keepwell.outcomes.queries import plans

LONGEST = 300


def agree(*, account: str, who: str, on: date, how: str = "", note: str = "", by: Scope, at: datetime) -> int:
    """Note that the customer agreed to the plan as it stands: that is a version of its own. `who` is the key of one of their
    people, or a name. Gives its number.
    """
    by.require("work.do")
    said = who.strip()
    if not said or len(said) > LONGEST:
        raise Invalid("Say who of the customer’s agreed, by key or by name.")
    if len(how) > LONGEST:
        raise Invalid("How it was agreed has at most %(most)s characters.", most=LONGEST)
    with transaction.atomic():
        plan = locked(account, by)
        version = _freeze(plan, "agreed", on, note, by, at)
        row = (
            Stakeholder.objects.filter(account=plan.account, person__key=said)
            .select_related("person")
            .first()
        )
        models.PlanAgreement.objects.create(
            version=version,
            person=row.person if row else None,
            name=(row.person.name or said) if row else said,
            on=on,
            how=how.strip(),
        )
        tell(plan, "plan.agreed", by=by, at=at, on=_moment(on, at), version=version.number)
        _confirmed(plan, "agreed", on, by, at)
    return version.number


def refresh(*, account: str, on: date, note: str = "", by: Scope, at: datetime) -> int:
    """Note that the plan was gone through with the customer and holds as it stands now: the next version. Gives its number."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        if not models.PlanVersion.objects.filter(plan=plan).exists():
            raise Invalid("A plan is agreed with the customer before it can be refreshed.")
        version = _freeze(plan, "refreshed", on, note, by, at)
        tell(plan, "plan.refreshed", by=by, at=at, on=_moment(on, at), version=version.number)
        _confirmed(plan, "refreshed", on, by, at)
    return version.number


def take_back(*, account: str, number: int, by: Scope, at: datetime) -> None:
    """The last version was not agreed or gone through after all: it goes, and the plan counts as confirmed by the one before.

    What the plan says stays as it is written.
    """
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        versions = models.PlanVersion.objects.filter(plan=plan).order_by("-number")
        version = versions.filter(number=number).first()
        if version is None:
            raise NotFound("The plan has no version %(number)s.", number=number)
        if versions.filter(number__gt=number).exists():
            raise Conflict("Version %(number)s was followed by another. Take that back first.", number=number)
        gone = [
            named(plan, f"plan.{version.made}", at=version.at),
            named(plan, "plan.confirmed", feature=version.made, at=version.at),
        ]
        version.delete()
        newest = versions.aggregate(last=Max("confirmed_at"))["last"]
        models.SuccessPlan.objects.filter(pk=plan.pk).update(confirmed_at=newest)
        taken = [events.Taken(event_id, plan.account.key) for event_id in gone]
        events.retract(taken=taken, source=SOURCE, received_at=at)
        tell(plan, "plan.version_withdrawn", by=by, at=at, feature=version.made, version=number)


def _freeze(
    plan: models.SuccessPlan, made: str, on: date, note: str, by: Scope, at: datetime
) -> models.PlanVersion:
    if within_reach(on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was done.", day=on.isoformat())
    doc = plans.doc_of(plan)
    if not doc.objectives:
        raise Invalid("A plan without an outcome cannot be agreed or refreshed. Add the first one.")
    number = models.PlanVersion.objects.filter(plan=plan).aggregate(last=Max("number"))["last"] or 0
    return models.PlanVersion.objects.create(
        plan=plan,
        number=number + 1,
        made=made,
        content=document.written(doc),
        standing=_standing(plan, by, at),
        note=note.strip(),
        confirmed_at=_moment(on, at),
        at=at,
        by_id=by.user_id,
    )


def _standing(plan: models.SuccessPlan, by: Scope, at: datetime) -> dict[str, Any]:
    view = plans.find(account=plan.account.key, seen_by=by, day=at.date())
    return {
        one.doc.slug: {
            "status": one.verdict.status,
            "indicators": {
                i.doc.slug: {"value": i.stands.value, "status": i.verdict.status} for i in one.indicators
            },
        }
        for one in view.objectives
    }


def _confirmed(plan: models.SuccessPlan, made: str, on: date, by: Scope, at: datetime) -> None:
    """The measure of days since the plan was confirmed, and with it roadmap alignment, reads this event."""
    moment = _moment(on, at)
    newest = max(moment, plan.confirmed_at or moment)
    models.SuccessPlan.objects.filter(pk=plan.pk).update(confirmed_at=newest)
    tell(plan, "plan.confirmed", by=by, at=at, on=moment, feature=made)


def _moment(on: date, at: datetime) -> datetime:
    return at if on == at.date() else start_of(on)
