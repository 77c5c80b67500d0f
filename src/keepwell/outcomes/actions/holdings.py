"""A business review was held: who was there, what was decided, who does what, how the plan stands, when the next one is.

It is one deed and can be taken back as one. In the ledger it is a conversation of kind "review", so that cadence and the
engagement of executives read it like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.kernel.moments import day_of, end_of, within_reach
from keepwell.ledger.actions import removals, touchpoints
from keepwell.ledger.models import Stakeholder, Touchpoint
from keepwell.outcomes import models, visibility
from keepwell.outcomes.actions import reviews, scoring
from keepwell.outcomes.actions.review_rows import add_colleague, add_person, locked, stakeholders, to_come
from keepwell.outcomes.actions.reviews import MOST_MINUTES, TEXT_LENGTH, Wanted
from keepwell.outcomes.actions.telling import SOURCE, tell_review, unsay_review
from keepwell.outcomes.review_words import SCORES
from keepwell.plays.actions import task_removals, tasks
from keepwell.plays.models import TaskCompletion

EARLY = timedelta(hours=1)
LAST_SECOND = timedelta(seconds=1)
EXECUTIVE = "executive"
MOST_ROWS = 50


@dataclass(frozen=True)
class Todo:
    """An action item: `owner` is the address of one of ours, `theirs` the key of one of their people who does it.

    What is internal of a review, here and below, stands in no deck.
    """

    title: str
    due_date: date
    owner: str = ""
    theirs: str = ""
    is_internal: bool = False


@dataclass(frozen=True)
class Judged:
    """How an outcome of the plan stands, by its slug, with the customer's own words."""

    objective: str
    stands: str
    words: str = ""
    is_internal: bool = False


@dataclass(frozen=True)
class Held:
    """How a review went: `theirs` are keys of people, `ours` addresses of colleagues; no minutes: as planned.

    `next_at` plans the next review of the same kind with the same guests.
    """

    theirs: Sequence[str]
    ours: Sequence[str] = ()
    minutes: int | None = None
    note: str = ""
    decisions: Sequence[str] = ()
    internal_decisions: Sequence[str] = ()
    todos: Sequence[Todo] = ()
    scores: Sequence[Judged] = ()
    next_at: datetime | None = None


def hold(*, review_id: int, held: Held, by: Scope, at: datetime) -> int | None:
    """Note that it took place and how it went, once; gives the number of the next review, if one was asked for."""
    by.require("work.do")
    with transaction.atomic():
        row = to_come(review_id, by)
        if row.starts_at > at + EARLY:
            raise Conflict(
                "This review is still to come. If it took place earlier, cancel it and log a touchpoint of kind review."
            )
        if not held.theirs:
            raise Invalid("Say who of the customer’s was there. If nobody was, cancel the review.")
        minutes = row.minutes if held.minutes is None else held.minutes
        if not 1 <= minutes <= MOST_MINUTES:
            raise Invalid("A review takes 1 to %(most)s minutes.", most=MOST_MINUTES)
        _attendance(row, held, by)
        key = f"review-{row.pk}"
        holding = models.ReviewHolding.objects.create(
            review=row, held_at=row.starts_at, minutes=minutes, touchpoint=key, at=at, by_id=by.user_id
        )
        _decisions(row, held)
        titles = _scores(row, held)
        scoring.follow(account_id=row.account_id, outcomes=_scored(row), by=by, at=at)
        _todos(row, held, by, at)
        following = _next(row, held, by, at)
        _touched(row, held, minutes, titles, by, at)
        tell_review(
            row, "review.noted", by=by, at=at, feature=row.kind, apart=f":{holding.pk}", words=_heard(held)
        )  # fmt: skip
    return following


def take_back(*, review_id: int, by: Scope, at: datetime) -> None:
    """It was not held after all: what was noted goes, but for tasks that are done and a next review that guests know of."""
    by.require("work.do")
    with transaction.atomic():
        row = locked(review_id, by)
        holding = models.ReviewHolding.objects.filter(review=row).first()
        if holding is None:
            raise Conflict("This review was not held.")
        removals.remove_touchpoints(Touchpoint, keys=[holding.touchpoint], by=by, at=at)
        actions = models.ReviewAction.objects.filter(review=row)
        numbers = [pk for pk in actions.values_list("task", flat=True) if pk is not None]
        done = set(TaskCompletion.objects.filter(task__in=numbers).values_list("task", flat=True))
        actions.delete()
        for number in sorted(set(numbers) - done):
            task_removals.remove(task_id=number, by=by, at=at)
        outcomes = _scored(row)
        for noun in (models.ReviewDecision, models.ReviewScore):
            noun._default_manager.filter(review=row).delete()
        models.ReviewGuest.objects.filter(review=row).update(attended=None)
        unsay_review(row, f"review.noted:{holding.pk}", said_at=holding.at, at=at)
        holding.delete()
        scoring.follow(account_id=row.account_id, outcomes=outcomes, by=by, at=at)
        _not_the_next(row)
        tell_review(row, "review.unnoted", by=by, at=at, feature=row.kind)


def _scored(row: models.Review) -> list[int]:
    """The outcomes that it scores."""
    return list(models.ReviewScore.objects.filter(review=row).values_list("objective", flat=True))


def _not_the_next(row: models.Review) -> None:
    """The next review was planned with this one: it goes too, unless somebody knows of it or it was held."""
    following = row.following
    models.Review.objects.filter(pk=row.pk).update(following=None)
    if following is None:
        return
    known = models.ReviewGuest.objects.filter(review=following).exclude(told=None).exists()
    if not known and not models.ReviewHolding.objects.filter(review=following).exists():
        models.Review.objects.filter(pk=following.pk).delete()


def _attendance(row: models.Review, held: Held, by: Scope) -> None:
    """Who came of the guests, and who came without having been one."""
    people = stakeholders(row.account, held.theirs)
    emails = {email.strip().lower() for email in held.ours if email.strip()}
    users = [tasks.owner(email, account=row.account) for email in sorted(emails)]
    if not users and by.user_id is not None:
        users = list(User.objects.filter(pk=by.user_id))
    models.ReviewGuest.objects.filter(review=row).update(attended=False)
    came = models.ReviewGuest.objects.filter(review=row)
    for stake in people:
        if came.filter(person=stake.person).update(attended=True, roles=stake.roles) == 0:
            add_person(row, stake, attended=True)
    for user in users:
        if user is not None and came.filter(user=user).update(attended=True) == 0:
            add_colleague(row, user, attended=True)


def _decisions(row: models.Review, held: Held) -> None:
    given = [(text, False) for text in held.decisions] + [(text, True) for text in held.internal_decisions]
    said = [(text.strip(), is_internal) for text, is_internal in given if text.strip()]
    if len(said) > MOST_ROWS or any(len(text) > TEXT_LENGTH for text, _ in said):
        raise Invalid("Note at most %(most)s decisions.", most=MOST_ROWS)
    models.ReviewDecision.objects.bulk_create(
        models.ReviewDecision(
            review=row, place=place, text=text, labels=visibility.whole("decision", is_internal=is_internal)
        )
        for place, (text, is_internal) in enumerate(said)
    )


def _scores(row: models.Review, held: Held) -> list[str]:
    """How the outcomes stood; gives their titles."""
    here = models.Objective.objects.filter(plan__account=row.account, dropped_at=None)
    outcomes = {one.slug: one for one in here}
    found: list[str] = []
    for one in held.scores:
        if one.objective not in outcomes:
            raise Invalid('The plan has no outcome "%(slug)s".', slug=one.objective)
        if one.stands not in SCORES:
            raise Invalid(
                '"%(said)s" is not known. Use one of %(listed)s.', said=one.stands, listed=", ".join(SCORES)
            )
        if len(one.words) > TEXT_LENGTH:
            raise Invalid("A text has at most %(most)s characters.", most=TEXT_LENGTH)
        scoring.scored(outcomes[one.objective], one.stands, on=day_of(row.starts_at))
        models.ReviewScore.objects.update_or_create(
            review=row,
            objective=outcomes[one.objective],
            defaults={
                "stands": one.stands,
                "words": one.words.strip(),
                "labels": visibility.whole("score", is_internal=one.is_internal),
            },
        )
        found.append(outcomes[one.objective].title)
    return found


def _todos(row: models.Review, held: Held, by: Scope, at: datetime) -> None:
    """Each is a task of the account, due at the end of its day."""
    if len(held.todos) > MOST_ROWS:
        raise Invalid("Note at most %(most)s action items.", most=MOST_ROWS)
    people = {
        one.person.key: one for one in stakeholders(row.account, [t.theirs for t in held.todos if t.theirs])
    }
    for place, one in enumerate(held.todos):
        who = people.get(one.theirs)
        wanted = tasks.Wanted(
            title=one.title, due_at=end_of(within_reach(one.due_date)) - LAST_SECOND, owner=one.owner,
            note=row.title if who is None else f"{row.title}: {who.person.name or who.person.key}",
        )  # fmt: skip
        number = tasks.make(account=row.account.key, wanted=wanted, by=by, at=at)
        models.ReviewAction.objects.create(
            review=row, place=place, title=one.title.strip(), task_id=number,
            theirs=None if who is None else who.person,
            labels=visibility.whole("action", is_internal=one.is_internal),
        )  # fmt: skip


def _heard(held: Held) -> dict[str, Any]:
    """What was decided and noted, in words: rules that listen hear it."""
    decided = [text.strip() for text in (*held.decisions, *held.internal_decisions) if text.strip()]
    words = {"decisions": decided, "note": held.note.strip()[:TEXT_LENGTH]}
    return {name: said for name, said in words.items() if said}


def _next(row: models.Review, held: Held, by: Scope, at: datetime) -> int | None:
    """Plan the next one, like this."""
    if held.next_at is None:
        return None
    guests = models.ReviewGuest.objects.filter(review=row).select_related("person", "user")
    left = set(_stale(row))
    wanted = Wanted(
        starts_at=held.next_at, kind=row.kind, minutes=row.minutes, place=row.place, agenda=row.agenda,
        labels=row.labels, owner=row.owner.email if row.owner and row.owner.is_active else "",
        theirs=[one.person.key for one in guests if one.person and one.person_id not in left],
        ours=[one.user.email for one in guests if one.user and one.user.is_active],
    )  # fmt: skip
    number = reviews.schedule(account=row.account.key, wanted=wanted, by=by, at=at)
    models.Review.objects.filter(pk=row.pk).update(following=number)
    return number


def _stale(row: models.Review) -> list[int]:
    """Guests who are no people of the account any more."""
    here = models.ReviewGuest.objects.filter(review=row, person__isnull=False)
    numbers = set(here.values_list("person", flat=True))
    known = Stakeholder.objects.filter(account=row.account, person__in=numbers).exclude(status="left")
    return sorted({pk for pk in numbers if pk is not None} - set(known.values_list("person", flat=True)))


def _touched(
    row: models.Review, held: Held, minutes: int, titles: Sequence[str], by: Scope, at: datetime
) -> None:
    guests = list(
        models.ReviewGuest.objects.filter(review=row, is_ours=False)
        .exclude(person=None)
        .select_related("person")
    )
    came = [one for one in guests if one.attended]
    told: dict[str, Any] = {
        "key": f"review-{row.pk}", "account": row.account.key, "kind": "review", "subject": row.title,
        "held_at": row.starts_at, "minutes": float(minutes), "initiative": "proactive",
        "invited": sorted(one.person.key for one in guests if one.person and one.told is not None),
        "attended": sorted(one.person.key for one in came if one.person),
        "executive_attended": any(EXECUTIVE in one.roles for one in came),
        "outcomes": list(titles), "notes": held.note.strip()[:TEXT_LENGTH],
        "next_step": held.todos[0].title.strip()[:500] if held.todos else "",
    }  # fmt: skip
    (verdict,) = touchpoints.upsert(rows=[told], source=SOURCE, by=by, at=at, vouched=False)
    if verdict.outcome == "rejected":
        raise Invalid("%(reason)s", reason=verdict.reason)
