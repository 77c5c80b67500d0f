"""What stands above the tickets of an account: what waits, how fast it is solved, how content they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.account_sections import Section
from keepwell.kernel import speech
from keepwell.kernel.figures import figure
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries.service import OpenTicket, Served, Waiting

GRAVE = ("critical", "urgent", "high", "blocker")
OLD_DAYS = 14


@dataclass(frozen=True)
class ServiceFact:
    """A figure with what it is to be seen against."""

    title: str
    figure: str
    more: str
    tone: str = ""


@dataclass(frozen=True)
class TicketRow:
    """A ticket that waits."""

    name: str
    href: str
    severity: str
    tone: str
    day: DayMark | None
    is_old: bool
    is_escalated: bool
    assignee: str


@dataclass(frozen=True)
class ServiceTab:
    """The tab."""

    head: AccountHead
    facts: tuple[ServiceFact, ...]
    waiting: tuple[TicketRow, ...]
    more: int
    chart: str
    incidents: str
    sections: tuple[Section, ...]
    missing: tuple[Section, ...]


def facts(waits: Waiting, served: Served) -> tuple[ServiceFact, ...]:
    """Five figures of the last ninety days."""
    escalated = (
        speech.told("%(escalated)s of them escalated", escalated=waits.escalated)
        if waits.escalated
        else speech.told("none of them escalated")
    )
    return (
        ServiceFact(
            speech.told("Open tickets"),
            words.whole(waits.count),
            escalated if waits.count else speech.told("nothing waits"),
        ),
        ServiceFact(
            speech.told("Opened in 90 days"), words.whole(served.opened), _against(served.opened_before)
        ),
        ServiceFact(
            speech.told("Escalated in 90 days"),
            words.whole(served.escalated),
            _against(served.escalated_before),
            "bad" if served.escalated > served.escalated_before else "",
        ),
        ServiceFact(
            speech.told("Time to solve"),
            _hours(served.median_hours),
            speech.told(
                "%(first_contact_percent)s at first contact",
                first_contact_percent=words.percent(served.first_contact_percent),
            )
            if served.first_contact_percent is not None
            else speech.told("the median of 90 days"),
        ),
        ServiceFact(
            speech.told("CSAT in 90 days"),
            "–" if served.csat is None else speech.told("%(csat)s of 5", csat=words.exact(served.csat, 1)),
            _answers(served),
        ),
    )


def _against(before: int) -> str:
    return speech.told("%(before)s in the 90 days before", before=words.whole(before))


def _hours(hours: float | None) -> str:
    if hours is None:
        return "–"
    return (
        speech.told("%(hours)s h", hours=figure(round(hours, 1)))
        if hours < 48
        else words.count(round(hours / 24), "day")
    )


def _answers(served: Served) -> str:
    if not served.csat_answers:
        return speech.told("no answer in 90 days")
    before = (
        speech.told("; %(csat_before)s before", csat_before=words.exact(served.csat_before, 1))
        if served.csat_before is not None
        else ""
    )
    return words.count(served.csat_answers, "answer") + before


def tickets(waits: Sequence[OpenTicket], *, back: str, now: datetime) -> tuple[TicketRow, ...]:
    """The tickets that wait, as rows."""
    today = words.local_day(now)
    return tuple(
        TicketRow(
            name=one.subject or one.key,
            href=f"{reverse('record', args=('tickets', one.key))}?{urlencode({'back': back})}",
            severity=words.spoken(one.severity) or "–",
            tone="bad" if one.severity.lower() in GRAVE else "",
            day=DayMark.of(one.opened_at, today=today),
            is_old=(today - day_of(one.opened_at)).days > OLD_DAYS,
            is_escalated=one.is_escalated,
            assignee=one.assignee,
        )
        for one in waits
    )
