"""What the page of one signal says, and that of what is held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.kernel.moments import DAY
from keepwell.plays.alarms import KINDS
from keepwell.plays.queries.alarms import DeliveryView, ResponseView
from keepwell.signals.declared import SEVERITIES
from keepwell.signals.queries.firings import FiringView

STATES = {
    "waiting": speech.later("Waits"),
    "delivered": speech.later("Told"),
    "withdrawn": speech.later("Not told"),
}


@dataclass(frozen=True)
class DeliveryRow:
    """One person who is to hear of it."""

    person: str
    role: str
    state: str
    when: str
    why: str


@dataclass(frozen=True)
class ResponseRow:
    """What somebody answered; `kind` is there where it may be taken back."""

    said: str
    by: str
    when: str
    note: str
    href: str
    kind: str


@dataclass(frozen=True)
class SignalPage:
    """One signal."""

    id: int
    title: str
    rule: str
    account: str
    account_href: str
    state: str
    sentence: str
    because: tuple[str, ...]
    ended_because: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    deliveries: tuple[DeliveryRow, ...]
    responses: tuple[ResponseRow, ...]
    is_open: bool
    is_answered: bool
    put_off: str
    may_work: bool
    task: str
    tomorrow: str
    refused: str


@dataclass(frozen=True)
class HeldRow:
    """A signal that somebody will hear later."""

    rule: str
    href: str
    severity: str
    account: str
    account_href: str
    arr: str
    person: str
    until: str
    why: str


@dataclass(frozen=True)
class HeldPage:
    """What is held back."""

    state: str
    rows: tuple[HeldRow, ...]
    more: str


def detail(
    found: FiringView,
    deliveries: Sequence[DeliveryView],
    responses: Sequence[ResponseView],
    *,
    now: datetime,
    may_work: bool,
    refused: str,
) -> SignalPage:
    """One signal, with whom it was told and what people answered."""
    return SignalPage(
        id=found.id,
        title=found.title,
        rule=reverse("rule", args=(found.rule,)),
        account=found.account_name or found.account_key,
        account_href=reverse("account", args=(found.account_key,)),
        state=_state(found, now),
        sentence=found.sentence,
        because=found.because,
        ended_because=found.ended_because,
        facts=_facts(found),
        deliveries=tuple(_delivery(row, now) for row in deliveries),
        responses=tuple(_response(row, now) for row in responses),
        is_open=found.ended_at is None,
        is_answered=any(row.mine and row.kind in ("acknowledged", "not_useful") for row in responses),
        put_off="" if found.snoozed_until is None else _moment(found.snoozed_until, now),
        may_work=may_work,
        task=f"{found.title}: {found.account_name or found.account_key}"[:300],
        tomorrow=(words.local_day(now) + DAY).isoformat(),
        refused=refused,
    )


def _state(found: FiringView, now: datetime) -> str:
    since = _moment(found.at, now)
    if found.ended_at is not None:
        return speech.told(
            "Held from %(since)s until %(until)s.", since=since, until=_moment(found.ended_at, now)
        )
    if found.stood:
        return speech.told("It held already when the rule began to watch, %(since)s: no news.", since=since)
    return speech.told("Holds since %(since)s.", since=since)


def _facts(found: FiringView) -> tuple[tuple[str, str], ...]:
    money = words.short_money(found.arr) if found.arr else "–"
    return (
        (speech.told("Severity"), SEVERITIES[found.severity]),
        (speech.told("ARR"), money),
    )


def _moment(at: datetime, now: datetime) -> str:
    return words.moment(at, today=words.local_day(now))


def _delivery(row: DeliveryView, now: datetime) -> DeliveryRow:
    when = row.ended_at if row.ended_at is not None else row.due_at
    state = speech.told(STATES[row.state])
    if row.through == "incident":
        state = speech.told("Told by its incident")
    return DeliveryRow(
        row.person or speech.told("Nobody"),
        row.role if row.person else "",
        state,
        _moment(when, now),
        row.why,
    )


def _response(row: ResponseView, now: datetime) -> ResponseRow:
    said = speech.told(KINDS[row.kind])
    if row.until is not None:
        said = speech.told("Put off until %(until)s", until=_moment(row.until, now))
    if row.run is not None:
        said = speech.told("Started the playbook “%(title)s”", title=row.playbook)
    href = ""
    if row.task is not None:
        href = reverse("task", args=(row.task,))
    elif row.incident is not None:
        href = reverse("incident", args=(row.incident,))
    elif row.run is not None:
        href = reverse("run", args=(row.run,))
    mine = row.kind if row.mine and row.kind in ("acknowledged", "not_useful") else ""
    return ResponseRow(said, row.by, _moment(row.at, now), row.note, href, mine)


def held(found: Sequence[DeliveryView], *, total: int, now: datetime) -> HeldPage:
    """What is held back, the oldest first."""
    left = total - len(found)
    return HeldPage(
        speech.told(
            "What people hear later: nothing is dropped. Quiet hours, working days and the number of signals a day say when."
        ),
        tuple(_held(row, now) for row in found),
        speech.told("%(n)s more are in the CSV.", n=words.whole(left)) if left > 0 else "",
    )


def _held(row: DeliveryView, now: datetime) -> HeldRow:
    return HeldRow(
        row.title,
        reverse("signal", args=(row.signal,)),
        SEVERITIES[row.severity],
        row.account_name or row.account_key,
        reverse("account", args=(row.account_key,)),
        words.short_money(row.arr) if row.arr else "–",
        row.person or speech.told("Nobody"),
        _moment(row.due_at, now),
        row.why,
    )
