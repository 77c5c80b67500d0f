"""Reads of whom signals were told, what is held back and why, and what people answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.plays import alarms, models
from keepwell.signals.models import Firing, Snooze

STATES = {"waiting": "Waits", "delivered": "Told", "withdrawn": "Not told"}


@dataclass(frozen=True)
class DeliveryView:
    """A signal and one person who is to hear it; `because` is a slug of `alarms`, `why` its sentence."""

    id: int
    signal: int
    rule: str
    title: str
    severity: str
    account_key: str
    account_name: str
    arr: Money | None
    person: str
    role: str
    state: str
    because: str
    why: str
    through: str
    fired_at: datetime
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ResponseView:
    """What somebody answered; `task`, `incident` and `run` are numbers of what they made of it. `mine` may be taken back.

    `playbook` is what the run is called.
    """

    id: int
    signal: int
    kind: str
    by: str
    mine: bool
    at: datetime
    note: str
    until: datetime | None
    task: int | None
    incident: int | None
    run: int | None
    playbook: str


def of_signal(*, firing_id: int, seen_by: Scope) -> tuple[DeliveryView, ...]:
    """Whom a signal was or is to be told, the first first. One query."""
    return _views(_visible(seen_by).filter(firing=firing_id).order_by("made_at", "pk"))


def held_back(
    *, seen_by: Scope, user_id: int | None = None, after: int = 0, limit: int = 200
) -> tuple[DeliveryView, ...]:
    """Signals that wait, of which there is a reason why; of one person, or of all whom the asker may see. One query."""
    rows = _held(seen_by, user_id).filter(pk__gt=after)
    return _views(rows.order_by("pk")[:limit])


def held_count(*, seen_by: Scope, user_id: int | None = None) -> int:
    """How many that are. One query."""
    return _held(seen_by, user_id).count()


def page(
    *, seen_by: Scope, state: str, before: int | None = None, limit: int = 100
) -> tuple[DeliveryView, ...]:
    """Deliveries in a state, the latest first. One query."""
    if state not in STATES:
        raise Invalid(
            '"%(state)s" is no state. Use one of %(listed)s.', state=state, listed=", ".join(STATES)
        )
    rows = _visible(seen_by).filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return _views(rows.order_by("-pk")[:limit])


def responses(*, firing_id: int, seen_by: Scope) -> tuple[ResponseView, ...]:
    """What people answered and did not take back, the latest first. One query."""
    rows = models.Response.objects.filter(firing=firing_id, taken_back_at=None)
    if not seen_by.everything:
        rows = rows.filter(firing__account__in=accounts.visible(seen_by=seen_by))
    return tuple(
        ResponseView(
            row.pk,
            row.firing_id,
            row.kind,
            str(row.by) if row.by else "",
            row.by_id == seen_by.user_id,
            row.at,
            row.note,
            row.until,
            row.task_id,
            row.incident_id,
            row.run_id,
            row.run.playbook.title if row.run else "",
        )
        for row in rows.select_related("by", "run__playbook").order_by("-at", "-pk")
    )


def unanswered(*, seen_by: Scope, user_id: int | None, now: datetime) -> "QuerySet[Firing]":
    """Signals that hold, were told (to one person; None: to anybody) and wait for an answer, on accounts one may see.

    What was put off for everybody waits for nobody, and what has an open incident waits there.
    """
    answers = models.Response.objects.filter(firing=OuterRef("pk"), taken_back_at=None).exclude(
        kind="snoozed"
    )
    snoozes = Snooze.objects.filter(
        rule=OuterRef("rule"), account=OuterRef("account"), ended_at=None, until__gt=now
    )
    told = models.Delivery.objects.filter(firing=OuterRef("pk"), state="delivered")
    if user_id is not None:
        told = told.filter(user=user_id)
    burning = models.Incident.objects.filter(firing=OuterRef("pk"), open=True)
    rows = Firing.objects.filter(
        Exists(told), ~Exists(answers), ~Exists(snoozes), ~Exists(burning), ended_at=None
    )
    return rows if seen_by.everything else rows.filter(account__in=accounts.visible(seen_by=seen_by))


def _visible(seen_by: Scope) -> "QuerySet[models.Delivery]":
    rows = models.Delivery.objects.select_related(
        "firing__rule", "firing__version", "firing__account", "user"
    )
    return rows if seen_by.everything else rows.filter(firing__account__in=accounts.visible(seen_by=seen_by))


def _held(seen_by: Scope, user_id: int | None) -> "QuerySet[models.Delivery]":
    rows = _visible(seen_by).filter(~Q(because=""), state="waiting", firing__ended_at=None)
    return rows if user_id is None else rows.filter(user=user_id)


def _views(rows: Iterable[models.Delivery]) -> tuple[DeliveryView, ...]:
    return tuple(
        DeliveryView(
            row.pk,
            row.firing_id,
            row.firing.rule.slug,
            row.firing.rule.title,
            row.firing.version.definition["severity"],
            row.firing.account.key,
            row.firing.account.name,
            accounts.arr_reporting(row.firing.account),
            "" if row.user is None else str(row.user),
            alarms.role(row.role),
            row.state,
            row.because,
            alarms.why(row.because),
            row.through,
            row.firing.at,
            row.due_at,
            row.ended_at,
        )
        for row in rows
    )
