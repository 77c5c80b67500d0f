"""What the list of product gaps and the page of one say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option, Tab
from keepwell.faces.web.pages import triage as triage_pages
from keepwell.kernel import speech
from keepwell.plays import triage
from keepwell.plays.queries.gaps import GapView, RequestView

TOLD = {
    "queued": speech.later("A letter waits to go out"),
    "sending": speech.later("A letter is being sent"),
    "sent": speech.later("A letter was sent"),
    "failed": speech.later("The letter could not be sent"),
    "unsure": speech.later("Nobody knows whether the letter arrived"),
    "no_address": speech.later("No address is known"),
    "by_hand": speech.later("Told by a colleague"),
    "letter": speech.later("A letter was written"),
    "same": speech.later("Told with another request"),
}


@dataclass(frozen=True)
class GapRow:
    """A gap in the list."""

    place: str
    title: str
    href: str
    under: str
    status: str
    points: str
    arr: str
    unstated: str
    accounts: str
    tickets: str
    people: str
    severity: str
    age: str
    untold: str


@dataclass(frozen=True)
class GapsPage:
    """All gaps by rank."""

    state: str
    tabs: tuple[Tab, ...]
    states: tuple[Option, ...]
    rows: tuple[GapRow, ...]
    asked: str
    search: str
    csv: str
    how: str
    is_part: bool


@dataclass(frozen=True)
class RequestRow:
    """Who asked."""

    key: str
    account: str
    account_href: str
    arr: str
    person: str
    email: str
    asked: str
    note: str
    told: str
    waits: bool


@dataclass(frozen=True)
class GapPage:
    """One gap."""

    key: str
    title: str
    description: str
    state: str
    facts: tuple[tuple[str, str], ...]
    merged: tuple[tuple[str, str], ...]
    requests: tuple[RequestRow, ...]
    statuses: tuple[Option, ...]
    others: tuple[tuple[str, str], ...]
    record: str
    may_work: bool
    is_shipped: bool
    waiting: int
    text: str
    wording: str
    refused: str


def how() -> str:
    """How gaps are ranked, in plain words."""
    return speech.told(
        "How it is ranked: up to 60 points for ARR (the ARR behind the gap, divided by the largest of a gap) and up to 40 for "
        "pain, 10 each for tickets, people, age since it was first asked for (each divided by the largest of a gap) and the "
        "worst severity. An account without a stated ARR is not counted as zero: where none states it, pain alone ranks; "
        "where no severity is known, the other three share the 40."
    )


def listing(found: Sequence[GapView], *, state: str, search: str, now: datetime, sees_all: bool) -> GapsPage:
    """The list with its one sentence of state."""
    states = {"all": speech.told("All"), **{slug: str(title) for slug, title in triage.STATUSES.items()}}
    query = urlencode({k: v for k, v in {"state": state, "q": search}.items() if v and v != "all"})
    untold = sum(gap.untold for gap in found)
    return GapsPage(
        state=_state(found, untold),
        tabs=triage_pages.tabs("gaps"),
        states=tuple(
            Option(reverse("gaps") + ("" if slug == "all" else f"?state={slug}"), title, slug == state)
            for slug, title in states.items()
        ),
        rows=tuple(_row(place, gap, now) for place, gap in enumerate(found, 1)),
        asked=state,
        search=search,
        csv=reverse("gaps-csv") + (f"?{query}" if query else ""),
        how=how(),
        is_part=not sees_all,
    )


def _state(found: Sequence[GapView], untold: int) -> str:
    live = sum(gap.status in ("open", "planned") for gap in found)
    told = speech.counted(
        live, "%(n)s gap is open or planned", "%(n)s gaps are open or planned", n=words.whole(live)
    )
    if not untold:
        return f"{told}."
    wait = speech.counted(
        untold,
        "%(n)s request waits to be told back",
        "%(n)s requests wait to be told back",
        n=words.whole(untold),
    )
    return f"{told}; {wait}."


def _row(place: int, gap: GapView, now: datetime) -> GapRow:
    return GapRow(
        place=str(place) if gap.status in ("open", "planned") else "",
        title=gap.title,
        href=reverse("gap", args=(gap.key,)),
        under=_merged(gap),
        status=str(triage.STATUSES.get(gap.status, gap.status)),
        points=words.whole(gap.rank.points),
        arr=words.short_money(gap.arr) if gap.arr else "–",
        unstated=_unstated(gap.unstated),
        accounts=words.whole(gap.accounts),
        tickets=words.whole(gap.tickets),
        people=words.whole(gap.people),
        severity=words.spoken(gap.severity) if gap.severity else "–",
        age=words.span(now - gap.first_at) if gap.first_at else "–",
        untold=words.whole(gap.untold) if gap.untold else "",
    )


def _merged(gap: GapView) -> str:
    n = len(gap.merged)
    return speech.counted(n, "with %(n)s merged into it", "with %(n)s merged into it", n=n) if n else ""


def _unstated(n: int) -> str:
    return speech.counted(n, "%(n)s without a known ARR", "%(n)s without a known ARR", n=n) if n else ""


def detail(
    gap: GapView,
    asked: Sequence[RequestView],
    *,
    others: Sequence[tuple[str, str]],
    now: datetime,
    may_work: bool,
    wording: str,
    typed: str,
    refused: str,
) -> GapPage:
    """One gap with who asked."""
    rows = tuple(_request(one, now) for one in asked)
    return GapPage(
        key=gap.key,
        title=gap.title,
        description=gap.description,
        state=_said(gap),
        facts=_facts(gap, now),
        merged=gap.merged,
        requests=rows,
        statuses=tuple(
            Option(slug, str(title), slug == gap.status) for slug, title in triage.STATUSES.items()
        ),
        others=tuple((key, title) for key, title in others if key != gap.key),
        record=reverse("record", args=("gaps", gap.key)),
        may_work=may_work,
        is_shipped=gap.status == "shipped",
        waiting=sum(row.waits for row in rows),
        text=typed
        or speech.told(
            "Hello,\n\nyou asked us for this: %(gap)s. It is there now.\n\nTell us if it does not do what you need.",
            gap=gap.title,
        ),
        wording=wording,
        refused=refused,
    )


def _said(gap: GapView) -> str:
    status = str(triage.STATUSES.get(gap.status, gap.status))
    points = speech.told("%(points)s of 100 points", points=words.whole(gap.rank.points))
    return f"{status} · {points}"


def _facts(gap: GapView, now: datetime) -> tuple[tuple[str, str], ...]:
    arr = words.money(gap.arr) if gap.arr else speech.told("Not known")
    return (
        (speech.told("ARR behind it"), " · ".join(part for part in (arr, _unstated(gap.unstated)) if part)),
        (speech.told("Points for ARR"), words.whole(gap.rank.arr)),
        (speech.told("Points for pain"), words.whole(gap.rank.pain)),
        (speech.told("Accounts"), words.whole(gap.accounts)),
        (speech.told("Tickets"), words.whole(gap.tickets)),
        (speech.told("People"), words.whole(gap.people)),
        (
            speech.told("Worst severity"),
            words.spoken(gap.severity) if gap.severity else speech.told("Not known"),
        ),
        (
            speech.told("First asked"),
            words.moment(gap.first_at, today=words.local_day(now)) if gap.first_at else "–",
        ),
    )


def _request(one: RequestView, now: datetime) -> RequestRow:
    today = words.local_day(now)
    if one.told_at is not None:
        told = speech.told("Told %(when)s", when=words.moment(one.told_at, today=today))
    else:
        told = str(TOLD[one.told]) if one.told in TOLD else ""
    return RequestRow(
        key=one.key,
        account=one.account_name,
        account_href=reverse("account", args=(one.account_key,)),
        arr=words.short_money(one.arr) if one.arr else "–",
        person=one.person or speech.told("Nobody is named"),
        email=one.email,
        asked=words.moment(one.asked_at, today=today),
        note=one.note,
        told=told,
        waits=one.told_at is None,
    )
