"""What the inbox of tickets says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option, Tab
from keepwell.kernel import speech
from keepwell.plays import triage
from keepwell.plays.queries.triage import Asked, TicketView, TriageView

LETTERS = {
    "queued": speech.later("The letter waits to go out."),
    "sending": speech.later("The letter is being sent."),
    "sent": speech.later("The letter is sent."),
    "failed": speech.later("The letter could not be sent."),
    "unsure": speech.later("Nobody knows whether the letter arrived."),
    "no_address": speech.later("Nobody’s address is known: no letter was written."),
}


@dataclass(frozen=True)
class TicketRow:
    """A ticket that waits."""

    key: str
    subject: str
    href: str
    under: str
    severity: str
    escalated: bool
    age: str
    opened: str
    account: str
    account_href: str
    arr: str
    triager: str


@dataclass(frozen=True)
class KindGroup:
    """Tickets of one kind."""

    slug: str
    title: str
    rows: tuple[TicketRow, ...]


@dataclass(frozen=True)
class DoneRow:
    """What was made of a ticket; `undo` is its number while it can be taken back."""

    subject: str
    href: str
    account: str
    account_href: str
    deed: str
    what: str
    what_href: str
    letter: str
    by: str
    when: str
    undo: str


@dataclass(frozen=True)
class TriagePage:
    """The inbox, or what left it."""

    state: str
    tabs: tuple[Tab, ...]
    kinds: tuple[Tab, ...]
    groups: tuple[KindGroup, ...]
    done: tuple[DoneRow, ...]
    asked: Asked
    here: str
    csv: str
    clear: str
    next: str
    first: str
    is_filtered: bool
    may_work: bool
    set_kinds: tuple[tuple[str, str, str], ...]
    articles: tuple[tuple[int, str], ...]
    gaps: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    whose: tuple[Option, ...]


def tabs(current: str) -> tuple[Tab, ...]:
    """The parts of triage."""
    places = (
        ("triage", speech.told("Inbox"), reverse("triage")),
        ("triaged", speech.told("Triaged"), reverse("triage") + "?state=triaged"),
        ("office-hours", speech.told("Office hours"), reverse("office-hours")),
        ("gaps", speech.told("Product gaps"), reverse("gaps")),
        ("triage-effect", speech.told("Effect"), reverse("triage-effect")),
    )
    return tuple(Tab(title, href, slug == current) for slug, title, href in places)


def kind_title(slug: str) -> str:
    """A kind as it is called."""
    return str(triage.KINDS[slug]) if slug in triage.KINDS else speech.told("Kind not known")


def address(asked: Asked, **changed: str) -> str:
    """The inbox with this question, changed where said."""
    told = {
        "state": asked.state,
        "whose": asked.whose,
        "kind": asked.kind,
        "account": asked.account,
        "q": asked.search,
        "escalated": "1" if asked.escalated else "",
    } | changed
    plain = {"state": "waiting", "whose": "all"}
    query = urlencode({name: value for name, value in told.items() if value and plain.get(name) != value})
    return reverse("triage") + (f"?{query}" if query else "")


def page(
    found: Sequence[TicketView],
    done: Sequence[TriageView],
    counts: Mapping[str, int],
    *,
    asked: Asked,
    offset: int,
    limit: int,
    now: datetime,
    may_work: bool,
    articles: tuple[tuple[int, str], ...],
    gaps: tuple[tuple[str, str], ...],
    colleagues: tuple[tuple[str, str], ...],
) -> TriagePage:
    """The list with its one sentence of state."""
    shown = done if asked.state == "triaged" else found
    more = len(shown) == limit
    return TriagePage(
        state=_state(asked, counts),
        tabs=tabs("triaged" if asked.state == "triaged" else "triage"),
        kinds=_kinds(asked, counts),
        groups=_groups(found, now),
        done=tuple(_done(row, now) for row in done),
        asked=asked,
        here=address(asked),
        csv=address(asked).replace(reverse("triage"), reverse("triage-csv"), 1),
        clear=address(Asked(asked.state, asked.whose)),
        next=address(asked, offset=str(offset + limit)) if more else "",
        first=address(asked) if offset else "",
        is_filtered=bool(asked.search or asked.account or asked.kind or asked.escalated),
        may_work=may_work,
        set_kinds=tuple(
            (f"kind:{slug}", str(title), str(place))
            for place, (slug, title) in enumerate(triage.KINDS.items(), 1)
        ),
        articles=articles,
        gaps=gaps,
        colleagues=colleagues,
        whose=(
            Option("all", speech.told("All accounts"), asked.whose == "all"),
            Option("mine", speech.told("My accounts"), asked.whose == "mine"),
        ),
    )


def _state(asked: Asked, counts: Mapping[str, int]) -> str:
    if asked.state == "triaged":
        return speech.told("What was made of tickets, the latest first. It can be taken back.")
    waiting = sum(counts.values())
    if not waiting:
        return speech.told("No ticket waits for triage.")
    unknown = counts.get(triage.UNKNOWN, 0)
    return speech.told("%(tickets)s for triage", tickets=_wait(waiting)) + (
        speech.told(", %(n)s of unknown kind.", n=words.whole(unknown)) if unknown else "."
    )


def _wait(n: int) -> str:
    return speech.counted(n, "%(n)s ticket waits", "%(n)s tickets wait", n=words.whole(n))


def _kinds(asked: Asked, counts: Mapping[str, int]) -> tuple[Tab, ...]:
    whole = Tab(speech.told("All"), address(asked, kind=""), not asked.kind, sum(counts.values()))
    return (
        whole,
        *(
            Tab(kind_title(slug), address(asked, kind=slug), asked.kind == slug, count)
            for slug, count in counts.items()
        ),
    )


def _groups(found: Sequence[TicketView], now: datetime) -> tuple[KindGroup, ...]:
    groups: dict[str, list[TicketRow]] = {}
    for ticket in found:
        groups.setdefault(ticket.kind, []).append(_row(ticket, now))
    return tuple(KindGroup(slug, kind_title(slug), tuple(rows)) for slug, rows in groups.items())


def _row(ticket: TicketView, now: datetime) -> TicketRow:
    who = ticket.person or speech.told("Nobody is named")
    parts = (who, words.spoken(ticket.said) if ticket.said else "", ticket.assignee)
    return TicketRow(
        key=ticket.key,
        subject=ticket.subject or ticket.key,
        href=reverse("record", args=("tickets", ticket.key)),
        under=" · ".join(part for part in parts if part),
        severity=words.spoken(ticket.severity) if ticket.severity else "",
        escalated=ticket.escalated,
        age=words.span(now - ticket.opened_at),
        opened=words.moment(ticket.opened_at, today=words.local_day(now)),
        account=ticket.account_name,
        account_href=reverse("account-service", args=(ticket.account_key,)),
        arr=words.short_money(ticket.arr) if ticket.arr else "–",
        triager=ticket.triager,
    )


def _done(row: TriageView, now: datetime) -> DoneRow:
    what, href = _what(row, now)
    return DoneRow(
        subject=row.subject or row.ticket,
        href=reverse("record", args=("tickets", row.ticket)),
        account=row.account_name,
        account_href=reverse("account-service", args=(row.account_key,)),
        deed=str(triage.DEEDS[row.deed]),
        what=what,
        what_href=href,
        letter=str(LETTERS[row.letter]) if row.letter in LETTERS else "",
        by=row.by,
        when=words.moment(row.at, today=words.local_day(now)),
        undo="" if row.is_final else str(row.id),
    )


def _what(row: TriageView, now: datetime) -> tuple[str, str]:
    """What it was answered with, and where that is."""
    del now
    if row.deed == "article":
        return row.article, reverse("library")
    if row.deed == "office_hour" and row.session is not None:
        return speech.told("The questions of the hour"), reverse("office-hour", args=(row.session,))
    if row.deed == "gap":
        return row.gap, reverse("gaps")
    return row.to, ""
