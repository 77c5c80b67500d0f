"""What the incident pages say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import SHORT, ClockMark, Option
from keepwell.faces.web.pages.parts import PartRow, evidence_rows
from keepwell.faces.web.pages.roles import role_title
from keepwell.faces.web.pages.war_room import Room
from keepwell.health.queries.scores import ScoreView
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.plays.queries.incidents import IncidentView, TaskView


@dataclass(frozen=True)
class IncidentRow:
    """An incident in a list."""

    href: str
    account: str
    account_href: str
    title: str
    reason: str
    clock: ClockMark
    opened: str
    progress: str
    owner: str


@dataclass(frozen=True)
class TaskRow:
    """A task under an incident."""

    id: int
    title: str
    who: str
    clock: ClockMark
    is_done: bool
    done: str
    href: str


@dataclass(frozen=True)
class IncidentsPage:
    """All open incidents, and the last closed ones."""

    state: str
    open_ones: tuple[IncidentRow, ...]
    closed_ones: tuple[IncidentRow, ...]


@dataclass(frozen=True)
class IncidentPage:
    """One incident."""

    title: str
    href: str
    account: str
    account_href: str
    reason: str
    opened_by: str
    note: str
    new_task: str
    opened: str
    clock: ClockMark
    is_open: bool
    may_work: bool
    change: str
    points: str
    parts: tuple[PartRow, ...]
    has_unknown: bool
    now_points: str
    now_band: str
    tasks: tuple[TaskRow, ...]
    task_state: str
    undone: str
    room: Room
    colleagues: tuple[tuple[str, str], ...]
    closed: str
    refused: str = ""


@dataclass(frozen=True)
class NewIncidentPage:
    """What is typed of an incident that is opened by hand."""

    account: str = ""
    title: str = ""
    note: str = ""
    about: str = "other"
    hours: str = ""
    refused: str = ""
    causes: tuple[Option, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "NewIncidentPage":
        """From its form."""
        account, title, note, about, hours = (
            given.get(name, "").strip() for name in ("account", "title", "note", "about", "hours")
        )
        return cls(account, title, note, about or "other", hours)

    @property
    def clock_hours(self) -> float | None:
        """How long the clock of the call runs, None as declared; refuses what is no number."""
        if not self.hours:
            return None
        try:
            return float(self.hours)
        except ValueError:
            raise Invalid('The clock is a number of hours, not "%(hours)s".', hours=self.hours) from None


def row(incident: IncidentView, *, now: datetime) -> IncidentRow:
    """An incident as a row."""
    done = sum(task.done_at is not None for task in incident.tasks)
    waiting = next((task for task in incident.tasks if task.done_at is None), None)
    return IncidentRow(
        href=reverse("incident", args=(incident.id,)),
        account=incident.account_name,
        account_href=reverse("account", args=(incident.account_key,)),
        title=incident.title,
        reason=_worst(incident.evidence),
        clock=clock(incident, now=now),
        opened=words.moment(incident.opened_at, today=words.local_day(now)),
        progress=speech.told("%(done)s of %(n)s done", done=done, n=len(incident.tasks))
        if incident.tasks
        else speech.told("no tasks"),
        owner=waiting.assignee if waiting else "",
    )


def clock(incident: IncidentView, *, now: datetime) -> ClockMark:
    """The clock that runs: that of the next task that is not done; closing stops the one that runs longest."""
    return ClockMark.of(due_at=deadline(incident), now=now, stopped_at=incident.closed_at)


def deadline(incident: IncidentView) -> datetime:
    """When the next answer is due; of a closed incident, when the last one was."""
    if incident.open:
        return min((task.due_at for task in incident.tasks if task.done_at is None), default=incident.due_at)
    return max((task.due_at for task in incident.tasks), default=incident.due_at)


def listing(
    open_ones: tuple[IncidentView, ...], closed_ones: tuple[IncidentView, ...], *, now: datetime
) -> IncidentsPage:
    """The list page with its one sentence of state."""
    return IncidentsPage(
        _state(open_ones, now),
        tuple(row(incident, now=now) for incident in open_ones),
        tuple(row(incident, now=now) for incident in closed_ones),
    )


def detail(
    incident: IncidentView,
    *,
    now: datetime,
    standing: ScoreView | None,
    may_work: bool,
    room: Room,
    colleagues: tuple[tuple[str, str], ...] = (),
    refused: str = "",
) -> IncidentPage:
    """One incident's page."""
    today = words.local_day(now)
    evidence: dict[str, Any] = incident.evidence
    parts = evidence_rows(evidence.get("parts") or ())
    done = sum(task.done_at is not None for task in incident.tasks)
    by = speech.told(" by %(closed_by)s", closed_by=incident.closed_by) if incident.closed_by else ""
    return IncidentPage(
        title=incident.title,
        href=reverse("incident", args=(incident.id,)),
        account=incident.account_name,
        account_href=reverse("account", args=(incident.account_key,)),
        reason=incident.reason,
        opened_by=incident.opened_by,
        note=incident.note,
        new_task=_new_task(incident),
        opened=words.moment(incident.opened_at, today=today),
        clock=clock(incident, now=now),
        is_open=incident.open,
        may_work=may_work,
        change=str(evidence.get("to") or ""),
        points=words.points(evidence.get("points")),
        parts=parts,
        has_unknown=any(part.reason for part in parts),
        now_points=words.points(standing.points if standing else None),
        now_band=standing.band if standing else "unknown",
        tasks=tuple(_task(task, now=now, is_open=incident.open) for task in incident.tasks),
        task_state=speech.told("%(done)s of %(n)s done", done=done, n=len(incident.tasks)),
        undone=_undone(len(incident.tasks) - done) if incident.open else "",
        room=room,
        colleagues=colleagues,
        closed=f"{words.moment(incident.closed_at, today=today)}{by}" if incident.closed_at else "",
        refused=refused,
    )


def _worst(evidence: Mapping[str, Any]) -> str:
    """The two parts that cost most points when it opened, in words."""
    known = [part for part in evidence.get("parts") or () if part.get("points") is not None]
    costly = sorted(known, key=lambda part: (part["points"] - 100) * part["weight"])
    said = (
        f"{part['label']} {words.number(part['value'], part['unit'])}"
        for part in costly[:2]
        if part["points"] < 100
    )
    return ", ".join(said)


def _state(open_ones: tuple[IncidentView, ...], now: datetime) -> str:
    if not open_ones:
        return speech.told("No incident is open.")
    over = sum(deadline(incident) <= now for incident in open_ones)
    short = sum(now < deadline(incident) <= now + SHORT for incident in open_ones)
    said = [speech.told("%(incidents)s open", incidents=words.count(len(open_ones), "incident"))]
    if over:
        said.append(speech.told("%(over)s past the deadline", over=over))
    if short:
        said.append(
            speech.told(
                "%(clocks)s under %(span)s", clocks=words.count(short, "clock"), span=words.span(SHORT)
            )
        )
    return ", ".join(said) + "."


def _new_task(incident: IncidentView) -> str:
    here = reverse("incident", args=(incident.id,))
    asked = {"account": incident.account_key, "incident": incident.id, "back": here}
    return f"{reverse('task-new')}?{urlencode(asked)}"


def _undone(how_many: int) -> str:
    if not how_many:
        return ""
    return speech.counted(
        how_many, "%(n)s task is not done.", "%(n)s tasks are not done.", n=words.whole(how_many)
    )


def _task(task: TaskView, *, now: datetime, is_open: bool) -> TaskRow:
    today = words.local_day(now)
    done = ""
    if task.done_at is not None:
        by = speech.told(" by %(done_by)s", done_by=task.done_by) if task.done_by else ""
        done = speech.told("Done %(done_at)s%(by)s", done_at=words.moment(task.done_at, today=today), by=by)
    return TaskRow(
        id=task.id,
        title=task.title,
        who=_who(task),
        clock=ClockMark.of(due_at=task.due_at, now=now)
        if is_open
        else ClockMark("", speech.told("Not done"), "", "none"),
        is_done=task.done_at is not None,
        done=done,
        href=reverse("task-completion", args=(task.id,)),
    )


def _who(task: TaskView) -> str:
    if not task.role:
        return task.assignee or speech.told("Nobody assigned")
    role = role_title(task.role)
    return (
        f"{task.assignee}, {role}" if task.assignee else speech.told("%(role)s (nobody assigned)", role=role)
    )
