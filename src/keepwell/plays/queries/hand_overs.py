"""Hand-overs as people see them, and the pack of one: all that the next one has to know of an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import F, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.health.queries import scores
from keepwell.health.queries.scores import ScoreView
from keepwell.kernel import errors
from keepwell.ledger.models import Touchpoint
from keepwell.ledger.queries import accounts, contracts, people
from keepwell.ledger.queries.accounts import AccountView
from keepwell.ledger.queries.contracts import ContractView
from keepwell.ledger.queries.people import StakeholderView
from keepwell.plays import models
from keepwell.plays.queries import account_cadence, incidents, runs, tasks
from keepwell.plays.queries.account_cadence import AccountCadence
from keepwell.plays.queries.incidents import IncidentView
from keepwell.plays.queries.runs import RunView
from keepwell.plays.queries.tasks import TaskItem

Whose = Literal["mine", "given", "all"]
SPOKEN, BACK = 12, timedelta(days=365)
MOST = 200


@dataclass(frozen=True)
class HandOverView:
    """A hand-over; open while `accepted_at` is None."""

    id: int
    kind: str
    account_id: int
    account_key: str
    account_name: str
    giver_id: int | None
    giver: str
    receiver_id: int
    receiver: str
    receiver_email: str
    note: str
    made_at: datetime
    made_by_id: int | None
    accepted_at: datetime | None
    accepted_note: str


@dataclass(frozen=True)
class SpokenView:
    """A conversation: what it was about and what was to be done next."""

    at: datetime
    kind: str
    subject: str
    notes: str
    next_step: str


@dataclass(frozen=True)
class Pack:
    """What a successor needs: who they are, how they are and why, who matters, what was promised, what is due."""

    account: AccountView
    score: ScoreView | None
    reason: str
    people: tuple[StakeholderView, ...]
    contracts: tuple[ContractView, ...]
    tasks: tuple[TaskItem, ...]
    incidents: tuple[IncidentView, ...]
    closed_incidents: int
    runs: tuple[RunView, ...]
    cadence: AccountCadence
    spoken: tuple[SpokenView, ...]
    planned: tuple[SpokenView, ...]


def page(*, whose: str, seen_by: Scope, limit: int = MOST) -> tuple[HandOverView, ...]:
    """Hand-overs of accounts that the asker may see: to them, by them, or all; open ones first, the latest first. One query."""
    rows = _visible(seen_by)
    if whose == "mine":
        rows = rows.filter(receiver=seen_by.user_id)
    elif whose == "given":
        rows = rows.filter(Q(giver=seen_by.user_id) | Q(made_by=seen_by.user_id))
    elif whose != "all":
        raise errors.Invalid('"%(whose)s" is not known. Use mine, given or all.', whose=whose)
    return tuple(map(_view, rows.order_by("-open", "-made_at", "-pk")[:limit]))


def waiting(*, user_id: int, seen_by: Scope, limit: int) -> tuple[HandOverView, ...]:
    """Those that a person has not accepted yet, the oldest first. One query."""
    rows = _visible(seen_by).filter(receiver=user_id, open=True)
    return tuple(map(_view, rows.order_by("made_at", "pk")[:limit]))


def find(*, pack_id: int, seen_by: Scope) -> HandOverView:
    """One; what one may not see does not exist. One query."""
    row = _visible(seen_by).filter(pk=pack_id).first()
    if row is None:
        raise errors.NotFound("There is no hand-over %(number)s.", number=pack_id)
    return _view(row)


def pack(*, account: str, seen_by: Scope, now: datetime) -> Pack:
    """All that the next one has to know of an account as it is now. Some thirty queries."""
    found = accounts.find(key=account, seen_by=seen_by)
    mine: dict[str, Any] = {"account_id": found.id, "seen_by": seen_by}
    score = scores.current(**mine)
    week = None if score is None else scores.week(score)
    burning = incidents.of_account(**mine)
    return Pack(
        account=found,
        score=score,
        reason="" if week is None else week.reason,
        people=people.of_account(**mine),
        contracts=contracts.of_account(**mine),
        tasks=tasks.open_of_account(**mine, limit=MOST),
        incidents=tuple(one for one in burning if one.open),
        closed_incidents=sum(not one.open for one in burning),
        runs=runs.page(asked=runs.Asked(state="open", account=account), seen_by=seen_by),
        cadence=account_cadence.of_account(**mine, day=now.date()),
        spoken=_spoken(found.id, now - BACK, now),
        planned=_ahead(found.id, now),
    )


def _spoken(account_id: int, since: datetime, now: datetime) -> tuple[SpokenView, ...]:
    rows = Touchpoint.objects.filter(
        account=account_id, declined=False, held_at__gte=since, held_at__lt=now
    ).defer("transcript")
    return tuple(map(_said, rows.order_by("-held_at")[:SPOKEN]))


def _ahead(account_id: int, now: datetime) -> tuple[SpokenView, ...]:
    rows = Touchpoint.objects.filter(account=account_id, declined=False, held_at__gte=now).defer("transcript")
    return tuple(map(_said, rows.order_by("held_at")[:SPOKEN]))


def _said(row: Touchpoint) -> SpokenView:
    return SpokenView(row.held_at, row.kind, row.subject, row.notes, row.next_step)


def _visible(seen_by: Scope) -> "QuerySet[Any]":
    rows = models.HandOverPack.objects.filter(account__in=accounts.visible(seen_by=seen_by))
    return rows.select_related("account", "giver", "receiver").annotate(
        accepted_at=F("acceptance__at"), accepted_note=F("acceptance__note")
    )


def _view(row: Any) -> HandOverView:
    return HandOverView(
        id=row.pk,
        kind=row.kind,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name or row.account.key,
        giver_id=row.giver_id,
        giver=str(row.giver or ""),
        receiver_id=row.receiver_id,
        receiver=str(row.receiver),
        receiver_email=row.receiver.email,
        note=row.note,
        made_at=row.made_at,
        made_by_id=row.made_by_id,
        accepted_at=row.accepted_at,
        accepted_note=row.accepted_note or "",
    )
