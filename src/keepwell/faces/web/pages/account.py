"""What the pages about one account say, tab by tab."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from keepwell.faces.components import words
from keepwell.faces.components.bands import band
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.incidents import IncidentRow
from keepwell.faces.web.pages.tasks import TaskRow
from keepwell.kernel.moments import day_of, utc
from keepwell.ledger.queries.people import StakeholderView
from keepwell.ledger.queries.timeline import TimelineItem

QUOTED = ("ticket.opened", "survey.answered", "touchpoint.held", "review.held")
SLUG = re.compile(r"[a-z]+(_[a-z]+)*")


@dataclass(frozen=True)
class PersonRow:
    """A person of the customer's in the table."""

    key: str
    name: str
    title: str
    role: str
    stance: str
    influence: str
    reports_to: str
    status: str
    email: str
    has_left: bool


@dataclass(frozen=True)
class PeopleTab:
    """The customer's people."""

    head: AccountHead
    people: tuple[PersonRow, ...]
    movers: tuple[PersonRow, ...] = ()
    here: str = ""
    today: str = ""


@dataclass(frozen=True)
class Said:
    """One fact of the timeline."""

    time: str
    title: str
    detail: str
    quote: str
    by: str
    late: str


@dataclass(frozen=True)
class Day:
    """The facts of one day."""

    mark: DayMark
    items: tuple[Said, ...]


@dataclass(frozen=True)
class TimelineTab:
    """What happened, latest first; `again` is where to look again for what was just written."""

    head: AccountHead
    days: tuple[Day, ...]
    older: str
    log: str
    again: str


@dataclass(frozen=True)
class IncidentsTab:
    """The account's incidents and tasks."""

    head: AccountHead
    incidents: tuple[IncidentRow, ...]
    tasks: tuple[TaskRow, ...]


def person(row: StakeholderView, *, today: date) -> PersonRow:
    """A person as a row."""
    return PersonRow(
        key=row.key,
        name=row.name,
        title=row.title or "–",
        role=", ".join(words.spoken(role) for role in row.roles) or "–",
        stance=words.spoken(row.stance) or "–",
        influence="–" if row.influence is None else f"{row.influence} of 5",
        reports_to=row.reports_to or "–",
        status=words.spoken(row.status)
        + (
            f", {words.day(row.status_since, today=today)}"
            if row.status != "active" and row.status_since
            else ""
        ),
        email=row.email,
        has_left=row.status == "left",
    )


def days(items: tuple[TimelineItem, ...], *, today: date) -> tuple[Day, ...]:
    """The timeline by day; a review is one line, though the ledger has it as a touchpoint too."""
    made = []
    reviews = {item.at for item in items if item.name == "review.held"}
    talks = {item.at: item for item in items if item.at in reviews and _is_review_talk(item)}
    told = [_with_talk(item, talks) for item in items if talks.get(item.at) is not item]
    for day, of_day in groupby(told, key=lambda item: day_of(item.at)):
        mark = DayMark.of(day, today=today)
        assert mark is not None
        made.append(Day(mark, tuple(_said(item, today=today) for item in of_day)))
    return tuple(made)


def _is_review_talk(item: TimelineItem) -> bool:
    return item.name == "touchpoint.held" and item.detail.partition(",")[0] == "review"


def _with_talk(item: TimelineItem, talks: Mapping[datetime, TimelineItem]) -> TimelineItem:
    talk = talks.get(item.at) if item.name == "review.held" else None
    if talk is None:
        return item
    minutes = words.count(round(talk.value), "minute") if talk.value else ""
    detail = ", ".join(filter(None, (minutes, item.detail)))
    return replace(item, detail=detail, person=item.person or talk.person, props=talk.props | item.props)


def _said(item: TimelineItem, *, today: date) -> Said:
    late = day_of(item.known_at) > day_of(item.at)
    by = " · ".join(filter(None, (item.person, item.source)))
    time = "" if utc(item.at).time().isoformat() == "00:00:00" else words.clock_time(item.at)
    return Said(
        time,
        item.title,
        _detail(item),
        _quote(item),
        by,
        words.day(day_of(item.known_at), today=today) if late else "",
    )


def _quote(item: TimelineItem) -> str:
    """What was written: the subject of a ticket or a talk, the comment of a survey."""
    told = item.props.get("subject") or item.props.get("comment")
    return told if item.name in QUOTED and isinstance(told, str) else ""


def _detail(item: TimelineItem) -> str:
    if item.name == "health.band_changed":
        before, after = (band(item.props.get(side)).word for side in ("from", "to"))
        return f"from {before} to {after}"
    return words.spoken(item.detail) if SLUG.fullmatch(item.detail) else item.detail
