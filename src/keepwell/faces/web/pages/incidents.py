"""What the incident pages say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import SHORT, ClockMark
from keepwell.faces.web.pages.parts import PartRow, evidence_rows
from keepwell.health.queries.scores import ScoreView
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import day_of
from keepwell.plays.queries.incidents import IncidentView, TaskView

ROLES = {
    "csm": "CSM", "delivery_head": "Head of delivery", "leader": "CS leader", "tech_lead": "Tech lead",
    "pm": "PM", "sales": "Account manager", "executive": "Executive", "cs_operations": "CS operations",
}  # fmt: skip


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
    cause: str
    plan: str
    closed: str
    refused: str = ""


@dataclass(frozen=True)
class NewIncidentPage:
    """What is typed of an incident that is opened by hand."""

    account: str = ""
    title: str = ""
    note: str = ""
    hours: str = "24"
    refused: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "NewIncidentPage":
        """From its form."""
        return cls(*(given.get(name, "").strip() for name in ("account", "title", "note", "hours")))

    @property
    def clock_hours(self) -> float:
        """How long the clock runs; refuses what is no number."""
        try:
            return float(self.hours)
        except ValueError:
            raise Invalid(f'The clock is a number of hours, not "{self.hours}".') from None


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
        opened=words.moment(incident.opened_at, today=day_of(now)),
        progress=f"{done} of {len(incident.tasks)} done" if incident.tasks else "no tasks",
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
    refused: str = "",
    cause: str = "",
    plan: str = "",
) -> IncidentPage:
    """One incident's page; what was typed into a refused form stays typed."""
    today = day_of(now)
    evidence: dict[str, Any] = incident.evidence
    parts = evidence_rows(evidence.get("parts") or ())
    done = sum(task.done_at is not None for task in incident.tasks)
    by = f" by {incident.closed_by}" if incident.closed_by else ""
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
        task_state=f"{done} of {len(incident.tasks)} done",
        undone=_undone(len(incident.tasks) - done) if incident.open else "",
        cause=cause or incident.cause,
        plan=plan or incident.plan,
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
        return "No incident is open."
    over = sum(deadline(incident) <= now for incident in open_ones)
    short = sum(now < deadline(incident) <= now + SHORT for incident in open_ones)
    said = [words.count(len(open_ones), "incident") + " open"]
    if over:
        said.append(f"{over} past the deadline")
    if short:
        said.append(f"{words.count(short, 'clock')} under 4{words.HARD}h")
    return ", ".join(said) + "."


def _new_task(incident: IncidentView) -> str:
    here = reverse("incident", args=(incident.id,))
    asked = {"account": incident.account_key, "incident": incident.id, "back": here}
    return f"{reverse('task-new')}?{urlencode(asked)}"


def _undone(how_many: int) -> str:
    if not how_many:
        return ""
    return f"{words.count(how_many, 'task')} {'is' if how_many == 1 else 'are'} not done."


def _task(task: TaskView, *, now: datetime, is_open: bool) -> TaskRow:
    today = day_of(now)
    done = ""
    if task.done_at is not None:
        by = f" by {task.done_by}" if task.done_by else ""
        done = f"Done {words.moment(task.done_at, today=today)}{by}"
    return TaskRow(
        id=task.id,
        title=task.title,
        who=_who(task),
        clock=ClockMark.of(due_at=task.due_at, now=now) if is_open else ClockMark("", "Not done", "", "none"),
        is_done=task.done_at is not None,
        done=done,
        href=reverse("task-completion", args=(task.id,)),
    )


def _who(task: TaskView) -> str:
    if not task.role:
        return task.assignee or "Nobody assigned"
    role = ROLES.get(task.role, task.role.replace("_", " ").capitalize())
    return f"{task.assignee}, {role}" if task.assignee else f"{role} (nobody assigned)"
