"""What the page of one incident says beyond its tasks: clocks, who is called, what was seen then, what happened since."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.bands import Band, band
from keepwell.faces.components.marks import ClockMark, Option
from keepwell.faces.web.pages.roles import role_title
from keepwell.kernel import speech
from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.money import Money
from keepwell.plays.queries.war_room import ClockView, Happening, Seat, WarRoom

CLOCKS = {
    "call": speech.later("Call"),
    "cause": speech.later("Root cause"),
    "plan": speech.later("Corrective plan"),
}
COUNTED = {"calendar": speech.later("calendar time"), "working": speech.later("working time")}
HAPPENED = {
    "opened": speech.later("Opened"),
    "call": speech.later("Call held"),
    "cause": speech.later("Root cause"),
    "plan": speech.later("Corrective plan"),
    "task": speech.later("Task done"),
    "note": speech.later("Note"),
    "closed": speech.later("Closed"),
    "reopened": speech.later("Open again"),
    "band": speech.later("Health moved"),
    "told_called": speech.later("Called together"),
    "told_again": speech.later("Called together again"),
    "told_overdue": speech.later("Escalated"),
    "told_by_hand": speech.later("Escalated by hand"),
}
TONES = {"told_overdue": "bad", "told_by_hand": "bad", "opened": "bad", "closed": "good", "task": "good"}


@dataclass(frozen=True)
class ClockRow:
    """One of the three clocks."""

    title: str
    mark: ClockMark
    counts: str
    more: str


@dataclass(frozen=True)
class SeatRow:
    """A role that is called, and who is there for it."""

    role: str
    title: str
    name: str
    email: str
    stands_in: str
    attended: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    title: str
    when: str
    iso: str
    who: str
    text: str
    lines: tuple[str, ...]
    bands: tuple[Band, ...]
    tone: str
    is_note: bool


@dataclass(frozen=True)
class Seen:
    """What was seen beside the score when it opened; each is empty where nothing was kept."""

    figures: tuple[tuple[str, str, str], ...]
    moved: str
    tickets: tuple[tuple[str, str], ...]
    contracts: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Room:
    """All of it."""

    clocks: tuple[ClockRow, ...]
    seats: tuple[SeatRow, ...]
    causes: tuple[Option, ...]
    cause_title: str
    cause: str
    plan: str
    entries: tuple[Entry, ...]
    seen: Seen
    path: tuple[str, ...]


def room(told: WarRoom, *, now: datetime, calendar: WorkCalendar, said: Mapping[str, str]) -> Room:
    """From what is known; `said` is what was typed into a form that was refused."""
    today = words.local_day(now)
    chosen = said.get("cause_kind") or told.cause_kind
    return Room(
        clocks=tuple(_clock(one, now, calendar) for one in told.clocks),
        seats=tuple(_seat(one) for one in told.seats),
        causes=tuple(
            Option(slug, told.practice.cause(slug), slug == chosen) for slug in told.practice.causes
        ),
        cause_title=told.practice.cause(told.cause_kind) if told.cause_kind else "",
        cause=said.get("cause") or told.cause,
        plan=said.get("plan") or told.plan,
        entries=tuple(_entry(one, today) for one in told.happened),
        seen=_seen(told.incident.evidence.get("beside") or {}, today),
        path=tuple(_step(step.after_hours, step.tells) for step in told.practice.path),
    )


def remaining(mark: ClockMark, *, due_at: datetime, now: datetime, calendar: WorkCalendar) -> ClockMark:
    """A clock in working time says how much of that is left."""
    left = calendar.between(now, due_at)
    return replace(mark, words=speech.told("%(left)s of working time left", left=words.span(left)))


def _clock(one: ClockView, now: datetime, calendar: WorkCalendar) -> ClockRow:
    today = words.local_day(now)
    if one.met_at is not None:
        late = one.met_at - one.due_at
        said = (
            speech.told("Done, %(late)s late", late=words.span(late))
            if late > timedelta(0)
            else speech.told("Done in time")
        )
        mark = ClockMark("", said, words.moment(one.met_at, today=today), "stopped")
    else:
        mark = ClockMark.of(due_at=one.due_at, now=now)
        if one.counts == "working" and one.due_at > now:
            mark = remaining(mark, due_at=one.due_at, now=now, calendar=calendar)
    more = ""
    if one.step:
        more = speech.counted(
            one.step, "%(n)s step of the path told", "%(n)s steps of the path told", n=one.step
        )
    return ClockRow(speech.told(CLOCKS[one.kind]), mark, speech.told(COUNTED[one.counts]), more)


def _seat(one: Seat) -> SeatRow:
    stands_in = ""
    if one.name and one.as_role != one.role:
        stands_in = speech.told(
            "%(as_role)s, stands in: nobody holds the role", as_role=role_title(one.as_role)
        )
    return SeatRow(one.role, role_title(one.role), one.name, one.email, stands_in, one.attended)


def _step(after_hours: float, tells: tuple[str, ...]) -> str:
    who = words.listed([role_title(role) for role in tells])
    if not after_hours:
        return speech.told("At once when a clock runs out: %(who)s", who=who)
    return speech.told("%(span)s later: %(who)s", span=words.span(timedelta(hours=after_hours)), who=who)


def _entry(one: Happening, today: date) -> Entry:
    text, lines, bands = one.text, tuple(one.more), tuple[Band, ...]()
    if one.kind.startswith("told_") or one.kind == "call":
        lines = _people(one.more)
    if one.kind == "told_overdue":
        text = speech.told("%(clock)s was due", clock=speech.told(CLOCKS[one.text]))
    elif one.kind in ("told_called", "told_again"):
        text = ""
    elif one.kind == "band":
        bands = tuple(band(slug) for slug in one.more)
        lines, text = (), speech.told("to %(points)s points", points=one.text) if one.text else ""
    return Entry(
        title=speech.told(HAPPENED[one.kind]),
        when=words.moment(one.at, today=today),
        iso=one.at.isoformat(),
        who=one.who,
        text=text,
        lines=lines,
        bands=bands,
        tone=TONES.get(one.kind, ""),
        is_note=one.kind == "note",
    )


def _people(more: tuple[str, ...]) -> tuple[str, ...]:
    """Who it was, each once with all their roles; and the roles that nobody holds."""
    roles: dict[str, list[str]] = {}
    for line in more:
        role, _, name = line.partition(":")
        roles.setdefault(name, []).append(role_title(role))
    return tuple(
        f"{name}, {words.listed(held)}"
        if name
        else speech.told("%(role)s: nobody holds the role", role=words.listed(held))
        for name, held in roles.items()
    )


def _seen(kept: Mapping[str, Any], today: date) -> Seen:
    figures = []
    if kept.get("arr"):
        renewal = _day(kept.get("renewal"))
        more = speech.told("renews %(day)s", day=words.day(renewal, today=today)) if renewal else ""
        figures.append((speech.told("ARR at stake"), _money(kept["arr"]), more))
    if kept:
        touch = kept.get("last_touch")
        held = datetime.fromisoformat(touch["held_at"]).date() if touch else None
        figures.append(
            (
                speech.told("Last touch"),
                words.day(held, today=today) if held else speech.told("never"),
                words.spoken(touch["kind"]) if touch else "",
            )
        )
        figures.append(
            (speech.told("Open tickets"), words.whole(len(kept.get("tickets") or ())), _escalated(kept))
        )
    moved = kept.get("moved")
    return Seen(
        figures=tuple(figures),
        moved=_moved(moved, today) if moved else "",
        tickets=tuple(
            (str(one["subject"] or one["key"]), _ticket(one, today)) for one in kept.get("tickets") or ()
        ),
        contracts=tuple(
            (str(one["product"] or one["key"]), _contract(one, today)) for one in kept.get("contracts") or ()
        ),
        people=tuple((str(one["name"]), _stake(one, today)) for one in kept.get("people") or ()),
    )


def _moved(moved: Mapping[str, Any], today: date) -> str:
    since = date.fromisoformat(moved["since"])
    return speech.told(
        "From %(before)s to %(after)s points since %(day)s: %(reason)s",
        before=words.points(moved["before"]),
        after=words.points(moved["after"]),
        day=words.day(since, today=today),
        reason=moved["reason"] or speech.told("nothing in particular"),
    )


def _escalated(kept: Mapping[str, Any]) -> str:
    how_many = sum(bool(one["escalated"]) for one in kept.get("tickets") or ())
    if not how_many:
        return ""
    return speech.told("%(n)s escalated", n=words.whole(how_many))


def _ticket(one: Mapping[str, Any], today: date) -> str:
    opened = words.day(datetime.fromisoformat(one["opened_at"]).date(), today=today)
    said = [words.spoken(one["severity"])] if one["severity"] else []
    said += [speech.told("escalated")] if one["escalated"] else []
    return ", ".join([*said, speech.told("open since %(day)s", day=opened)])


def _contract(one: Mapping[str, Any], today: date) -> str:
    ends = _day(one["end_date"])
    said = [_money(one["arr"])] if one["arr"] else []
    said.append(
        speech.told("until %(day)s", day=words.day(ends, today=today)) if ends else speech.told("open-ended")
    )
    return ", ".join(said)


def _stake(one: Mapping[str, Any], today: date) -> str:
    said = [words.spoken(role) for role in one["roles"][:2]]
    said += [words.spoken(one["stance"])] if one["stance"] else []
    if one["status"] != "active":
        since = _day(one["status_since"])
        gone = words.spoken(one["status"])
        said.append(f"{gone} {words.day(since, today=today)}" if since else gone)
    return ", ".join(said)


def _money(kept: Mapping[str, str]) -> str:
    return words.money(Money(Decimal(kept["amount"]), kept["currency"]))


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def new_causes(causes: Mapping[str, str], chosen: str) -> tuple[Option, ...]:
    """What an incident that is opened by hand can be about."""
    return tuple(Option(slug, speech.recalled(title), slug == chosen) for slug, title in causes.items())


def here(incident_id: int) -> str:
    """The address of an incident."""
    return reverse("incident", args=(incident_id,))
