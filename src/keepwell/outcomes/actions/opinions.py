"""Deeds on what the customer's people call success: noted side by side, settled, opened again."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import within_reach
from keepwell.ledger.models import Stakeholder
from keepwell.outcomes import models, visibility
from keepwell.outcomes.actions.plans import locked
from keepwell.outcomes.actions.telling import tell

LONGEST = 10_000


def note(
    *,
    account: str,
    person: str,
    text: str,
    said_on: date,
    by: Scope,
    at: datetime,
    objective: str = "",
    labels: Mapping[str, str] | None = None,
) -> int:
    """Note what one of their people calls success, of the plan or of one outcome. Gives its number."""
    by.require("work.do")
    said = _text(text)
    if within_reach(said_on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was said.", day=said_on.isoformat())
    with transaction.atomic():
        plan = locked(account, by)
        who = Stakeholder.objects.filter(account=plan.account, person__key=person).first()
        if who is None:
            name = plan.account.name or plan.account.key
            raise Invalid('%(account)s has nobody with the key "%(key)s".', account=name, key=person)
        about = None
        if objective:
            about = models.Objective.objects.filter(plan=plan, slug=objective, dropped_at=None).first()
            if about is None:
                raise NotFound('The plan has no "%(slug)s".', slug=objective)
        row = models.Opinion.objects.create(
            plan=plan,
            objective=about,
            person_id=who.person_id,
            text=said,
            said_on=said_on,
            labels=visibility.checked("opinion", labels or {}),
            at=at,
            by_id=by.user_id,
        )
        tell(plan, "plan.view_noted", by=by, at=at, view=row.pk)
    return row.pk


def resolve(*, account: str, opinion_id: int, text: str, by: Scope, at: datetime) -> None:
    """Note how it was settled."""
    by.require("work.do")
    said = _text(text)
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(plan, opinion_id)
        try:
            with transaction.atomic():
                models.OpinionResolution.objects.create(opinion=row, text=said, at=at, by_id=by.user_id)
        except IntegrityError:
            raise Conflict("This view is settled already.") from None
        tell(plan, "plan.view_settled", by=by, at=at, view=opinion_id)


def unresolve(*, account: str, opinion_id: int, by: Scope, at: datetime) -> None:
    """Open it again."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        if not models.OpinionResolution.objects.filter(opinion=_one(plan, opinion_id)).delete()[0]:
            raise Conflict("This view is not settled.")
        tell(plan, "plan.view_noted", by=by, at=at, view=opinion_id, again=True)


def _one(plan: models.SuccessPlan, opinion_id: int) -> models.Opinion:
    row = models.Opinion.objects.filter(plan=plan, pk=opinion_id).first()
    if row is None:
        raise NotFound("The plan has no view %(opinion_id)s.", opinion_id=opinion_id)
    return row


def _text(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Invalid("Say it in 1 to %(most)s characters.", most=LONGEST)
    return said
