"""Tell people of signals: each person once, by their day and its cap, whatever breaks off. The row is the queue."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from keepwell.access.actions import live
from keepwell.access.models import User
from keepwell.access.queries import decisions
from keepwell.access.queries.decisions import Company
from keepwell.plays import models
from keepwell.plays.actions import notifications
from keepwell.plays.alarms import LAST_RESORTS
from keepwell.plays.formulas import hours
from keepwell.plays.formulas.hours import Reader
from keepwell.plays.queries import recipients
from keepwell.signals.declared import SEVERITIES
from keepwell.signals.models import Firing, Snooze

ORDER = tuple(SEVERITIES)
LOOK_AGAIN = timedelta(hours=1)
AT_ONCE = 2000


@dataclass(frozen=True)
class _Known:
    """What is asked once for all that waits for a person: who should hear what, what is answered, put off, an incident's."""

    whom: recipients.Whom
    answered: frozenset[int]
    burning: frozenset[int]
    snoozed: dict[tuple[int, int], datetime]


def plan(*, firings: Collection[Firing], at: datetime) -> None:
    """Note whom each firing is to be told, in the transaction that noticed it. Three queries.

    Twice the same firing makes no second row.
    """
    if not firings:
        return
    whom = recipients.of(firings)
    rows = [
        models.Delivery(firing=firing, user_id=user, role=role, made_at=at, due_at=at, because=because)
        for firing in firings
        for user, role, because in _chosen(whom, firing.pk)
    ]
    models.Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)


def _chosen(whom: recipients.Whom, firing: int) -> list[tuple[int | None, str, str]]:
    found = [(user, role, "") for user, role in whom[firing].items()]
    return list(found) or [(None, "", "nobody")]


def deliver(*, at: datetime) -> int:
    """Tell whatever may be told now; gives how many signals were told. One query when nothing waits.

    Each person's are one transaction, and their row is held: two workers tell nobody twice, and never more than the cap.
    """
    due = models.Delivery.objects.filter(state="waiting", due_at__lte=at)
    people = set(due.values_list("user", flat=True).distinct())
    if not people:
        return 0
    company = decisions.company()
    if None in people:
        _find_somebody(at)
        people = set(due.values_list("user", flat=True).distinct())
    return sum(_tell(user, company, at) for user in sorted(people - {None}) if user is not None)


def _find_somebody(at: datetime) -> None:
    """Look again for people where nobody was found; an hour later once more."""
    with transaction.atomic():
        lost = models.Delivery.objects.filter(user=None, state="waiting", due_at__lte=at)
        rows = _locked(lost)
        whom = recipients.of([row.firing for row in rows])
        over = [row for row in rows if row.firing.ended_at is not None]
        _end(over, "over", at)
        found = [row for row in rows if row.firing.ended_at is None and whom[row.firing_id]]
        plan(firings=[row.firing for row in found], at=at)
        _end(found, "handed_over", at)
        lost.update(due_at=at + LOOK_AGAIN)


def _tell(user_id: int, company: Company, at: datetime) -> int:
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)
        reader = _reader(user)
        rows = _locked(models.Delivery.objects.filter(user=user, state="waiting", due_at__lte=at))
        known = _known([row.firing for row in rows])
        left = _withdraw(rows, known, at)
        left = _put_off(left, known, at)
        told = [row for row in left if row.firing_id in known.burning and row.role not in LAST_RESORTS]
        _delivered(told, "incident", at)
        left = [row for row in left if row not in told]
        told, held = _within(left, _room(user_id, company, reader, at), reader, company, at)
        for row in told:
            _notify(row, user_id, at)
        _delivered(told, "notification", at)
        models.Delivery.objects.bulk_update(held, ["due_at", "because"], batch_size=AT_ONCE)
        if told:
            live.announce("today", users=[user_id])
    return len(told)


def _locked(rows: "QuerySet[models.Delivery]") -> list[models.Delivery]:
    told = rows.select_for_update(of=("self",)).select_related(
        "firing__rule", "firing__version", "firing__account"
    )
    return sorted(told, key=_rank)


def _rank(row: models.Delivery) -> tuple[object, ...]:
    """The gravest first, then the most money, then the oldest."""
    severity = row.firing.version.definition["severity"]
    return (ORDER.index(severity), -(row.firing.account.arr_reporting or 0), row.made_at, row.pk)


def _known(firings: Sequence[Firing]) -> _Known:
    """Six queries."""
    ids = [firing.pk for firing in firings]
    answered = models.Response.objects.filter(firing__in=ids, taken_back_at=None).exclude(kind="snoozed")
    burning = models.Incident.objects.filter(firing__in=ids)
    snoozes = Snooze.objects.filter(
        rule__in={firing.rule_id for firing in firings},
        account__in={firing.account_id for firing in firings},
        ended_at=None,
    )
    return _Known(
        recipients.of(firings),
        frozenset(answered.values_list("firing", flat=True)),
        frozenset(pk for pk in burning.values_list("firing", flat=True) if pk),
        {(rule, account): until for rule, account, until in snoozes.values_list("rule", "account", "until")},
    )


def _withdraw(rows: Iterable[models.Delivery], known: _Known, at: datetime) -> list[models.Delivery]:
    """Without those that need not be told any more; each of them says why."""
    why: dict[str, list[models.Delivery]] = {"": [], "over": [], "answered": [], "handed_over": []}
    for row in rows:
        why[_void(row, known)].append(row)
    plan(firings=[row.firing for row in why["handed_over"]], at=at)
    for because in ("over", "answered", "handed_over"):
        _end(why[because], because, at)
    return why[""]


def _void(row: models.Delivery, known: _Known) -> str:
    if row.firing.ended_at is not None:
        return "over"
    if row.firing_id in known.answered:
        return "answered"
    return "" if row.user_id in known.whom[row.firing_id] else "handed_over"


def _put_off(rows: Iterable[models.Delivery], known: _Known, at: datetime) -> list[models.Delivery]:
    left, held = [], []
    for row in rows:
        until = known.snoozed.get((row.firing.rule_id, row.firing.account_id))
        if until is not None and until > at:
            row.due_at, row.because = until, "snoozed"
            held.append(row)
        else:
            left.append(row)
    models.Delivery.objects.bulk_update(held, ["due_at", "because"], batch_size=AT_ONCE)
    return left


def _within(
    rows: Sequence[models.Delivery], room: int, reader: Reader, company: Company, at: datetime
) -> tuple[list[models.Delivery], list[models.Delivery]]:
    """Which are told now, and which wait, each with why and until when."""
    opens = hours.opens(at, reader=reader, calendar=company.calendar)
    works = company.calendar.works_on(reader.there(at).date())
    told: list[models.Delivery] = []
    held: list[models.Delivery] = []
    for row in rows:
        if row.firing.version.definition["severity"] == ORDER[0]:
            told.append(row)
        elif opens > at:
            row.due_at, row.because = opens, "quiet_hours" if works else "day_off"
            held.append(row)
        elif len(told) < room:
            told.append(row)
        else:
            row.due_at = hours.next_day(at, reader=reader, calendar=company.calendar)
            row.because = "cap"
            held.append(row)
    return told, held


def _room(user_id: int, company: Company, reader: Reader, at: datetime) -> int:
    """How many more of the reader's day there is room for. One query."""
    since = reader.begins(reader.there(at).date())
    today = models.Delivery.objects.filter(user=user_id, through="notification", ended_at__gte=since)
    return max(0, int(company.said["signals_a_day"]) - today.count())


def _reader(user: User) -> Reader:
    said = decisions.of(user.preferences)
    begins, ends = (time(int(said[key])) if said[key] else None for key in ("quiet_from", "quiet_until"))
    return Reader(decisions.reading(user).time_zone, begins, ends)


def _notify(row: models.Delivery, user_id: int, at: datetime) -> None:
    firing = row.firing
    why = "; ".join(firing.because)
    notifications.tell(
        kind="signal",
        user_ids=[user_id],
        key=f"signal:{firing.pk}",
        what=f"{firing.account.name}: {firing.rule.title}. {why}"[:500],
        subject=f"signal:{firing.pk}",
        account_id=firing.account_id,
        at=at,
    )


def _delivered(rows: Iterable[models.Delivery], through: str, at: datetime) -> None:
    ids = [row.pk for row in rows]
    models.Delivery.objects.filter(pk__in=ids).update(
        state="delivered", through=through, because="", ended_at=at
    )


def _end(rows: Iterable[models.Delivery], because: str, at: datetime) -> None:
    ids = [row.pk for row in rows]
    models.Delivery.objects.filter(pk__in=ids).update(state="withdrawn", because=because, ended_at=at)
