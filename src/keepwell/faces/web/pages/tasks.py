"""What the pages of tasks say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import ClockMark, Option, Tab
from keepwell.faces.web.pages.roles import ROLES
from keepwell.kernel import speech
from keepwell.kernel.moments import parse_day
from keepwell.plays.queries.tasks import STATES, WHOSE, Asked, TaskItem

MORNING = time(6)
DUE_AT = time(17)  # a day's end of work: when a task without an hour is due


@dataclass(frozen=True)
class TaskRow:
    """A task in the list."""

    id: int
    title: str
    note: str
    href: str
    account: str
    account_href: str
    incident_href: str
    owner: str
    made_by: str
    clock: ClockMark
    done: str
    completion: str


@dataclass(frozen=True)
class TasksPage:
    """Tasks by when they are due, with the question that was asked."""

    state: str
    rows: tuple[TaskRow, ...]
    whose: tuple[Tab, ...]
    states: tuple[Option, ...]
    asked: Asked
    here: str
    csv: str
    new: str
    next: str
    first: str
    clear: str
    is_filtered: bool
    may_work: bool
    colleagues: tuple[tuple[str, str], ...]
    tomorrow: str
    refused: str = ""


@dataclass(frozen=True)
class TaskForm:
    """What is typed of a task."""

    title: str = ""
    account: str = ""
    due: str = ""
    owner: str = ""
    note: str = ""
    incident: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], *, title: str = "title") -> "TaskForm":
        """From a form or an address."""
        said = {name: given.get(name, "").strip() for name in ("account", "due", "owner", "note", "incident")}
        return cls(title=given.get(title, "").strip(), **said)

    @classmethod
    def of(cls, task: TaskItem) -> "TaskForm":
        """From a task as it stands."""
        incident = str(task.incident_id) if task.incident_id else ""
        return cls(
            task.title,
            task.account_key,
            words.local_day(task.due_at).isoformat(),
            task.owner,
            task.note,
            incident,
        )


@dataclass(frozen=True)
class TaskFormPage:
    """A task that is made or changed."""

    title: str
    form: TaskForm
    colleagues: tuple[Option, ...]
    back: str
    is_new: bool
    account: str
    account_href: str
    may_work: bool
    facts: tuple[tuple[str, str], ...] = ()
    completion: str = ""
    deletion: str = ""
    is_done: bool = False
    refused: str = ""


def due_at(text: str) -> datetime:
    """The end of work of a day that was typed, where the reader is."""
    return words.local_moment(parse_day(text), DUE_AT)


def morning_of(text: str) -> datetime:
    """The beginning of work of a day that was typed."""
    return words.local_moment(parse_day(text), MORNING)


def due_of(text: str, *, before: datetime | None = None) -> datetime:
    """The same, but a day that was not changed keeps its hour."""
    if before is not None and text == words.local_day(before).isoformat():
        return before
    return due_at(text)


def address(asked: Asked, **changed: str) -> str:
    """The list with this question, changed where said."""
    told = {"whose": asked.whose, "state": asked.state, "account": asked.account, "q": asked.search} | changed
    plain = {"whose": "mine", "state": "open"}
    query = urlencode({name: value for name, value in told.items() if value and plain.get(name) != value})
    return reverse("tasks") + (f"?{query}" if query else "")


def row(task: TaskItem, *, now: datetime) -> TaskRow:
    """A task as a row."""
    today = words.local_day(now)
    done = ""
    if task.done_at is not None:
        by = speech.told(" by %(done_by)s", done_by=task.done_by) if task.done_by else ""
        done = speech.told("Done %(done_at)s%(by)s", done_at=words.moment(task.done_at, today=today), by=by)
    return TaskRow(
        id=task.id,
        title=task.title,
        note=task.note,
        href=reverse("task", args=(task.id,)),
        account=task.account_name,
        account_href=reverse("account", args=(task.account_key,)),
        incident_href=reverse("incident", args=(task.incident_id,)) if task.incident_id else "",
        owner=task.assignee
        or (ROLES.get(task.role, "") and speech.told("%(roles)s (nobody)", roles=ROLES[task.role])),
        made_by=task.made_by,
        clock=ClockMark.of(due_at=task.due_at, now=now),
        done=done,
        completion=reverse("task-completion", args=(task.id,)),
    )


def page(
    found: Sequence[TaskItem],
    *,
    asked: Asked,
    total: int,
    offset: int,
    limit: int,
    now: datetime,
    may_work: bool,
    colleagues: tuple[tuple[str, str], ...],
    refused: str = "",
) -> TasksPage:
    """The list with its one sentence of state."""
    more = offset + len(found) < total
    return TasksPage(
        state=_state(asked, total, found, now),
        rows=tuple(row(task, now=now) for task in found),
        whose=tuple(
            Tab(title, address(asked, whose=slug), slug == asked.whose) for slug, title in WHOSE.items()
        ),
        states=tuple(
            Option(address(asked, state=slug), title, slug == asked.state) for slug, title in STATES.items()
        ),
        asked=asked,
        here=address(asked),
        csv=address(asked).replace(reverse("tasks"), reverse("tasks-csv"), 1),
        new=reverse("task-new") + (f"?{urlencode({'account': asked.account})}" if asked.account else ""),
        next=address(asked, offset=str(offset + limit)) if more else "",
        first=address(asked) if offset else "",
        clear=address(Asked(asked.whose, asked.state)),
        is_filtered=bool(asked.search or asked.account),
        may_work=may_work,
        colleagues=colleagues,
        tomorrow=(words.local_day(now) + timedelta(days=1)).isoformat(),
        refused=refused,
    )


def _state(asked: Asked, total: int, found: Sequence[TaskItem], now: datetime) -> str:
    whose = {"mine": "yours", "team": speech.told("your team’s"), "set": speech.told("set by you")}[
        asked.whose
    ]
    if asked.state == "done":
        return speech.told("%(tasks)s done, %(whose)s.", tasks=words.count(total, "task"), whose=whose)
    if asked.state == "overdue":
        return (
            speech.told("%(tasks)s overdue, %(whose)s.", tasks=words.count(total, "task"), whose=whose)
            if total
            else speech.told("Nothing is overdue.")
        )
    if not total:
        return speech.told("No task is open.")
    late = sum(task.due_at <= now for task in found)
    return speech.told("%(tasks)s open, %(whose)s", tasks=words.count(total, "task"), whose=whose) + (
        speech.told(", %(late)s overdue.", late=late) if late else "."
    )


def new(
    form: TaskForm,
    *,
    today: date,
    colleagues: Sequence[tuple[str, str]],
    owner: str,
    account: str,
    back: str,
    refused: str = "",
) -> TaskFormPage:
    """A task that is to be made: due tomorrow, done by whoever makes it, unless something else is said."""
    typed = TaskForm(
        form.title,
        form.account,
        form.due or (today + timedelta(days=1)).isoformat(),
        form.owner or owner,
        form.note,
        form.incident,
    )
    return TaskFormPage(
        title=speech.told("New task"),
        form=typed,
        colleagues=_owners(colleagues, typed.owner),
        back=back,
        is_new=True,
        account=account,
        account_href="",
        may_work=True,
        refused=refused,
    )


def detail(
    task: TaskItem,
    form: TaskForm,
    *,
    now: datetime,
    colleagues: Sequence[tuple[str, str]],
    may_work: bool,
    back: str,
    refused: str = "",
) -> TaskFormPage:
    """A task as it stands, to be changed."""
    today = words.local_day(now)
    facts = [
        (speech.told("Due"), words.moment(task.due_at, today=today)),
        (speech.told("Owner"), task.assignee or speech.told("Nobody")),
        (
            speech.told("Set"),
            words.moment(task.created_at, today=today)
            + (
                speech.told(" by %(made_by)s", made_by=task.made_by)
                if task.made_by
                else speech.told(" by a rule")
            ),
        ),
    ]
    if task.done_at is not None:
        facts.append(
            (
                speech.told("Done"),
                words.moment(task.done_at, today=today)
                + (speech.told(" by %(done_by)s", done_by=task.done_by) if task.done_by else ""),
            )
        )
    return TaskFormPage(
        title=task.title,
        form=form,
        colleagues=_owners(colleagues, form.owner),
        back=back,
        is_new=False,
        account=task.account_name,
        account_href=reverse("account", args=(task.account_key,)),
        may_work=may_work,
        facts=tuple(facts),
        completion=reverse("task-completion", args=(task.id,)),
        deletion=reverse("task-deletion", args=(task.id,))
        if task.incident_id is None and task.done_at is None
        else "",
        is_done=task.done_at is not None,
        refused=refused,
    )


def _owners(colleagues: Sequence[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    listed = dict(colleagues)
    if chosen and chosen not in listed:
        listed[chosen] = chosen
    return (
        Option("", speech.told("Nobody yet"), not chosen),
        *(Option(email, name, email == chosen) for email, name in listed.items()),
    )
