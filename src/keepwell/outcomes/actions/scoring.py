"""What reviews say of outcomes, and what the plan says: the newest word of a review holds, and the two never disagree."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict
from keepwell.kernel.moments import day_of
from keepwell.outcomes import models
from keepwell.outcomes.actions.telling import tell

REACHED = "reached"


def follow(*, account_id: int, outcomes: Collection[int], by: Scope, at: datetime) -> None:
    """Mark these outcomes of an account's plan as the reviews that were held score them.

    An outcome is there since the first review of those that scored it as reached and that no other word followed. What
    somebody marked by hand stays.
    """
    plan = models.SuccessPlan.objects.select_related("account").filter(account=account_id).first()
    if plan is None or not outcomes:
        return
    for row in models.Objective.objects.filter(plan=plan, pk__in=outcomes).order_by("pk"):
        now = models.ObjectiveReach.objects.filter(objective=row).first()
        if now is None or now.review_id is not None:
            _mark(plan, row, now, _since(_words(row)), by, at)


def _mark(
    plan: models.SuccessPlan,
    row: models.Objective,
    now: models.ObjectiveReach | None,
    word: Any,
    by: Scope,
    at: datetime,
) -> None:
    was, review = (None if one is None else one.review_id for one in (now, word))
    if was == review:
        return
    models.ObjectiveReach.objects.filter(objective=row).delete()
    if word is not None:
        on = day_of(word.held_at)
        models.ObjectiveReach.objects.create(objective=row, review_id=review, on=on, at=at, by_id=by.user_id)
    if now is None or word is None:
        told = "objective.reopened" if word is None else "objective.reached"
        found = was if review is None else review
        tell(plan, told, by=by, at=at, feature=row.slug, title=row.title, review=found)


def scored(row: models.Objective, stands: str, *, on: date) -> None:
    """Refuse a score that contradicts what somebody marked by hand."""
    by_hand = models.ObjectiveReach.objects.filter(objective=row, review=None, on__lte=on).first()
    if stands != REACHED and by_hand is not None:
        raise Conflict(
            'The plan says that "%(title)s" was reached on %(day)s. Score it as reached, or open it again in the plan first.',
            title=row.title, day=by_hand.on.isoformat(),
        )  # fmt: skip


def marked(row: models.Objective, *, on: date) -> None:
    """Refuse a mark by hand that contradicts what a review scored on that day or later."""
    last = next((word for word in reversed(_words(row)) if day_of(word.held_at) >= on), None)
    if last is not None and last.stands != REACHED:
        raise Conflict(
            'The review "%(review)s" of %(day)s does not score it as reached. Name a later day, or score it in the next.',
            review=last.review.title, day=day_of(last.held_at).isoformat(),
        )  # fmt: skip


def opened(reach: models.ObjectiveReach) -> None:
    """Refuse to open again by hand what a review scored as reached."""
    if reach.review is not None:
        raise Conflict(
            'The review "%(review)s" scored it as reached. Take its note back, or score it otherwise in the next review.',
            review=reach.review.title,
        )  # fmt: skip


def _words(row: models.Objective) -> Sequence[Any]:
    """The scores of an outcome in reviews that were held, ascending, each with `held_at`."""
    rows: Any = models.ReviewScore.objects.filter(objective=row, review__holding__isnull=False)
    told = rows.annotate(held_at=F("review__holding__held_at")).select_related("review")
    return list(told.order_by("held_at", "review"))


def _since(words: Sequence[Any]) -> Any:
    """The first of the words at the end that say it is reached; None where the last says otherwise."""
    found = None
    for word in reversed(words):
        if word.stands != REACHED:
            break
        found = word
    return found
