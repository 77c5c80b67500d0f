"""A business review as its customer may see it: made of what `visibility.shared` lets through and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, visibility
from keepwell.outcomes.formulas import invitations
from keepwell.outcomes.formulas.invitations import Entry, Guest


@dataclass(frozen=True)
class SharedAction:
    """An action item with what became of it; `done_on` and `is_overdue` say nothing where that is not shared."""

    title: str
    owner: str
    due_date: date | None
    done_on: date | None
    is_overdue: bool
    is_theirs: bool
    is_told: bool


@dataclass(frozen=True)
class SharedScore:
    """How an outcome stood in the review, with the customer's words; `title` is the outcome's."""

    title: str
    stands: str
    words: str


@dataclass(frozen=True)
class SharedReview:
    """What came of a review that was held."""

    held_on: date
    decisions: tuple[str, ...]
    actions: tuple[SharedAction, ...]
    scores: tuple[SharedScore, ...]


def last(*, account: str, seen_by: Scope, until: date, today: date) -> SharedReview | None:
    """The last review held by the end of a day, if some of it is shared. Four queries, one where there is none."""
    held = models.ReviewHolding.objects.filter(
        review__account__in=accounts.visible(seen_by=seen_by).filter(key=account), held_at__lt=end_of(until)
    )
    row = held.select_related("review").order_by("-held_at", "-pk").first()
    if row is None:
        return None
    said = visibility.shared(
        "review", row.review.labels, {"title": row.review.title, "starts_at": row.held_at}
    )
    if said is None or "starts_at" not in said:
        return None
    found = SharedReview(
        held_on=row.held_at.date(),
        decisions=_decisions(row.review),
        actions=_actions(row.review, today),
        scores=_scores(row.review),
    )
    return found if found.decisions or found.actions or found.scores else None


def _decisions(review: models.Review) -> tuple[str, ...]:
    rows = models.ReviewDecision.objects.filter(review=review).order_by("place", "pk")
    told = (visibility.shared("decision", row.labels, {"text": row.text}) for row in rows)
    return tuple(one["text"] for one in told if one is not None)


def _actions(review: models.Review, today: date) -> tuple[SharedAction, ...]:
    """By the words of the review: what a task is called later is ours."""
    rows: Any = models.ReviewAction.objects.filter(review=review).select_related("task__assignee", "theirs")
    told = (
        _action(row, today) for row in rows.annotate(done=F("task__completion__at")).order_by("place", "pk")
    )
    return tuple(one for one in told if one is not None)


def _action(row: Any, today: date) -> SharedAction | None:
    task = row.task
    ours = str(task.assignee) if task is not None and task.assignee is not None else ""
    said = visibility.shared(
        "action",
        row.labels,
        {
            "title": row.title,
            "due_date": None if task is None else task.due_at.date(),
            "owner": (row.theirs.name or row.theirs.key) if row.theirs else ours,
            "done": None if row.done is None else row.done.date(),
        },
    )
    if said is None:
        return None
    due, done = said.get("due_date"), said.get("done")
    is_told = "done" in said and task is not None
    return SharedAction(
        title=said["title"],
        owner=said.get("owner", ""),
        due_date=due,
        done_on=done,
        is_overdue=is_told and done is None and due is not None and due < today,
        is_theirs=row.theirs is not None and "owner" in said,
        is_told=is_told,
    )


def _scores(review: models.Review) -> tuple[SharedScore, ...]:
    """Of outcomes that are shared themselves."""
    rows = models.ReviewScore.objects.filter(review=review).select_related("objective")
    told = (_score(row) for row in rows.order_by("objective__place", "pk"))
    return tuple(one for one in told if one is not None)


def _score(row: models.ReviewScore) -> SharedScore | None:
    outcome = visibility.shared("objective", row.objective.labels, {"title": row.objective.title})
    said = visibility.shared("score", row.labels, {"stands": row.stands, "words": row.words})
    if outcome is None or said is None:
        return None
    return SharedScore(outcome["title"], said["stands"], said.get("words", ""))


def entry(row: models.Review, guests: Sequence[models.ReviewGuest], *, company: str) -> Entry | None:
    """What may stand in a guest's calendar; None where what it is or when is internal."""
    said = visibility.shared(
        "review",
        row.labels,
        {
            "title": row.title,
            "starts_at": row.starts_at,
            "place": row.place,
            "agenda": row.agenda,
            "guests": [Guest(one.name, one.email) for one in guests],
            "notes": row.notes,
        },
    )
    if said is None or "starts_at" not in said:
        return None
    owner = row.owner
    return Entry(
        uid=f"{row.uid}@keepwell",
        sequence=row.sequence,
        title=said["title"],
        starts_at=said["starts_at"],
        minutes=row.minutes,
        place=said.get("place", ""),
        agenda=said.get("agenda", ""),
        organizer=Guest(str(owner), owner.email) if owner else Guest(company, ""),
        guests=tuple(said.get("guests", ())),
    )


def for_guest(whole: Entry, guest: Guest, labels: Mapping[str, str]) -> Entry:
    """The entry for one guest: with all guests where they may know of each other, else alone."""
    known = visibility.label("review", "guests", labels) == "shared" and guest in whole.guests
    return whole if known else replace(whole, guests=(guest,))


def leader(*, calendar: str) -> list[str]:
    """The address of who leads the review of a calendar entry, for answers; nothing where nobody does. No query."""
    return invitations.leader(calendar)
