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
    escalated = f"{waits.escalated} of them escalated" if waits.escalated else "none of them escalated"
    return (
        ServiceFact("Open tickets", f"{waits.count:,}", escalated if waits.count else "nothing waits"),
        ServiceFact("Opened in 90 days", f"{served.opened:,}", _against(served.opened_before)),
        ServiceFact(
            "Escalated in 90 days",
            f"{served.escalated:,}",
            _against(served.escalated_before),
            "bad" if served.escalated > served.escalated_before else "",
        ),
        ServiceFact(
            "Time to solve",
            _hours(served.median_hours),
            f"{served.first_contact_percent:.0f} % at first contact"
            if served.first_contact_percent is not None
            else "the median of 90 days",
        ),
        ServiceFact(
            "CSAT in 90 days",
            "–" if served.csat is None else f"{served.csat:.1f} of 5",
            _answers(served),
        ),
    )


def _against(before: int) -> str:
    return f"{before:,} in the 90 days before"


def _hours(hours: float | None) -> str:
    if hours is None:
        return "–"
    return f"{figure(round(hours, 1))} h" if hours < 48 else words.count(round(hours / 24), "day")


def _answers(served: Served) -> str:
    if not served.csat_answers:
        return "no answer in 90 days"
    before = f"; {served.csat_before:.1f} before" if served.csat_before is not None else ""
    return words.count(served.csat_answers, "answer") + before


def tickets(waits: Sequence[OpenTicket], *, back: str, now: datetime) -> tuple[TicketRow, ...]:
    """The tickets that wait, as rows."""
    today = now.date()
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
