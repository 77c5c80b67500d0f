"""Business reviews as those of us see them who may see their account: what comes, what was held, who was there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from keepwell.access.scopes import Scope
from keepwell.kernel import paging
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, visibility
from keepwell.outcomes.review_words import STATES

AT_ONCE = 500


@dataclass(frozen=True)
class GuestView:
    """Somebody who is to be there, or was; `attended` is None before it was held."""

    key: str
    name: str
    email: str
    roles: tuple[str, ...]
    is_ours: bool
    told_at: datetime | None
    is_told: bool
    attended: bool | None


@dataclass(frozen=True)
class DecisionView:
    """What was decided; an internal one stands in no deck."""

    id: int
    text: str
    is_internal: bool


@dataclass(frozen=True)
class TodoView:
    """An action item with what became of its task; no task: it was taken away."""

    id: int
    title: str
    task: int | None
    owner: str
    theirs: str
    due_at: datetime | None
    done_at: datetime | None
    is_internal: bool = False


@dataclass(frozen=True)
class ScoreView:
    """How an outcome stood, in the review's words."""

    id: int
    slug: str
    title: str
    stands: str
    words: str
    is_internal: bool = False


@dataclass(frozen=True)
class ReviewRow:
    """A review in a list."""

    id: int
    account_key: str
    account_name: str
    kind: str
    title: str
    state: str
    starts_at: datetime
    minutes: int
    owner: str
    guests: int
    attended: int


@dataclass(frozen=True)
class ReviewView:
    """A whole review."""

    row: ReviewRow
    place: str
    agenda: str
    notes: str
    labels: Mapping[str, str]
    owner_email: str
    sequence: int
    guests: tuple[GuestView, ...]
    cancelled_at: datetime | None
    reason: str
    noted_at: datetime | None
    noted_by: str
    held_minutes: int | None
    decided: tuple[DecisionView, ...]
    todos: tuple[TodoView, ...]
    scores: tuple[ScoreView, ...]
    following: int | None

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was decided and the customer reads."""
        return tuple(one.text for one in self.decided if not one.is_internal)

    @property
    def internal_decisions(self) -> tuple[str, ...]:
        """What was decided and stays with us."""
        return tuple(one.text for one in self.decided if one.is_internal)

    @property
    def untold(self) -> int:
        """How many guests with an address do not know of it as it stands now."""
        return sum(bool(one.email) and not one.is_told for one in self.guests)


@dataclass(frozen=True)
class Asked:
    """Which reviews: in a state ("": all, "ahead": still to come), of an account, with words, of somebody's accounts."""

    state: str = ""
    account: str = ""
    search: str = ""
    mine: int | None = None


def page(
    *, asked: Asked, seen_by: Scope, now: datetime, offset: int = 0, limit: int = 100
) -> tuple[ReviewRow, ...]:
    """Reviews: what is to come first, the next before the later, then the past, the latest first. One query."""
    rows = _asked(asked, seen_by, now)
    ahead, behind = Q(starts_at__gte=now), Q(starts_at__lt=now)
    if asked.state in ("planned", "invited", "ahead"):
        found = rows.order_by("starts_at", "pk")
    elif asked.state:
        found = rows.order_by("-starts_at", "-pk")
    else:
        found = rows.annotate(
            soon=Case(When(ahead, then=F("starts_at"))), late=Case(When(behind, then=F("starts_at")))
        ).order_by(F("soon").asc(nulls_last=True), F("late").desc(nulls_last=True), "pk")
    return tuple(map(_row, found[offset : offset + limit]))


def each(*, asked: Asked, seen_by: Scope, now: datetime) -> Iterator[ReviewRow]:
    """All of them, in constant memory."""
    return paging.each(
        lambda offset: page(asked=asked, seen_by=seen_by, now=now, offset=offset, limit=AT_ONCE)
    )


def tally(*, seen_by: Scope, now: datetime, mine: int | None = None) -> dict[str, int]:
    """How many are in which state. One query."""
    rows = (
        _asked(Asked(mine=mine), seen_by, now)
        .order_by()
        .values("state")
        .annotate(n=Count("pk", distinct=True))
    )
    counted = dict(rows.values_list("state", "n"))
    return {state: counted.get(state, 0) for state in STATES}


def find(*, review_id: int, seen_by: Scope, now: datetime) -> ReviewView:
    """One review. Five queries."""
    row = _asked(Asked(), seen_by, now).filter(pk=review_id).first()
    if row is None:
        raise NotFound("There is no review %(number)s.", number=review_id)
    return ReviewView(
        row=_row(row),
        place=row.place,
        agenda=row.agenda,
        notes=row.notes,
        labels=row.labels,
        owner_email=row.owner.email if row.owner else "",
        sequence=row.sequence,
        guests=_guests(row),
        cancelled_at=row.cancelled_at,
        reason=row.reason or "",
        noted_at=row.noted_at,
        noted_by=row.noted_by or row.noted_email or "",
        held_minutes=row.held_minutes,
        decided=tuple(
            DecisionView(one.pk, one.text, visibility.is_internal("decision", one.labels))
            for one in models.ReviewDecision.objects.filter(review=row).order_by("place", "pk")
        ),
        todos=_todos(row),
        scores=tuple(
            ScoreView(
                one.pk,
                one.objective.slug,
                one.objective.title,
                one.stands,
                one.words,
                visibility.is_internal("score", one.labels),
            )
            for one in models.ReviewScore.objects.filter(review=row)
            .select_related("objective")
            .order_by("objective__place", "pk")
        ),
        following=row.following_id,
    )


def _asked(asked: Asked, seen_by: Scope, now: datetime) -> "QuerySet[Any]":
    if asked.state and asked.state not in (*STATES, "ahead"):
        listed = ", ".join(("ahead", *STATES))
        raise Invalid('"%(said)s" is not known. Use one of %(listed)s.', said=asked.state, listed=listed)
    seen = accounts.visible(seen_by=seen_by, owner_id=asked.mine)
    told = models.ReviewGuest.objects.filter(review=OuterRef("pk")).exclude(told=None)
    rows: QuerySet[Any] = models.Review.objects.filter(account__in=seen).select_related("account", "owner")
    found: QuerySet[Any] = rows.annotate(
        state=Case(
            When(holding__isnull=False, then=Value("held")),
            When(cancellation__isnull=False, then=Value("cancelled")),
            When(starts_at__lt=now, then=Value("overdue")),
            When(Exists(told), then=Value("invited")),
            default=Value("planned"),
            output_field=CharField(),
        ),
        cancelled_at=F("cancellation__at"),
        reason=F("cancellation__reason"),
        noted_at=F("holding__at"),
        noted_by=F("holding__by__name"),
        noted_email=F("holding__by__email"),
        held_minutes=F("holding__minutes"),
        n_guests=Count("guest"),
        n_attended=Count("guest", filter=Q(guest__attended=True)),
    )
    if asked.state:
        states = ("planned", "invited") if asked.state == "ahead" else (asked.state,)
        found = found.filter(state__in=states)
    if asked.account:
        found = found.filter(account__key=asked.account)
    if asked.search:
        words = asked.search
        found = found.filter(
            Q(title__icontains=words) | Q(account__name__icontains=words) | Q(account__key__icontains=words)
        )
    return found


def _row(row: Any) -> ReviewRow:
    return ReviewRow(
        id=row.pk,
        account_key=row.account.key,
        account_name=row.account.name or row.account.key,
        kind=row.kind,
        title=row.title,
        state=row.state,
        starts_at=row.starts_at,
        minutes=row.minutes,
        owner=str(row.owner) if row.owner else "",
        guests=row.n_guests,
        attended=row.n_attended,
    )


def _guests(row: Any) -> tuple[GuestView, ...]:
    guests = models.ReviewGuest.objects.filter(review=row).select_related("person", "user")
    return tuple(
        GuestView(
            key=(one.user.email if one.user else "")
            if one.is_ours
            else (one.person.key if one.person else ""),
            name=one.name,
            email=one.email,
            roles=tuple(one.roles),
            is_ours=one.is_ours,
            told_at=one.told_at,
            is_told=one.told == row.sequence,
            attended=one.attended,
        )
        for one in sorted(guests, key=lambda one: (one.is_ours, one.name, one.pk))
    )


def _todos(row: Any) -> tuple[TodoView, ...]:
    rows: Any = models.ReviewAction.objects.filter(review=row).select_related("task__assignee", "theirs")
    return tuple(
        TodoView(
            id=one.pk,
            title=one.task.title if one.task else one.title,
            task=one.task_id,
            owner=str(one.task.assignee) if one.task and one.task.assignee else "",
            theirs=(one.theirs.name or one.theirs.key) if one.theirs else "",
            due_at=one.task.due_at if one.task else None,
            done_at=one.done_at,
            is_internal=visibility.is_internal("action", one.labels),
        )
        for one in rows.annotate(done_at=F("task__completion__at")).order_by("place", "pk")
    )
