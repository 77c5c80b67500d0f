"""Runs of playbooks as people see them, each with its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts
from keepwell.plays import models

STATES = {"open": "Running", "over": "Over"}
AT_ONCE = 100


@dataclass(frozen=True)
class StepView:
    """A step as it stands; `said` are its texts as they were filled, `receipts` the facts that stand in them."""

    slug: str
    title: str
    kind: str
    role: str
    state: str
    outcome: str
    begins_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    because: tuple[str, ...]
    by: str
    owner: str
    task_id: int | None
    message_id: int | None
    said: dict[str, Any]
    receipts: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class RunView:
    """A run; open while `ended_at` is None. `paused_since` says that it rests."""

    id: int
    playbook: str
    title: str
    number: int
    account_id: int
    account_key: str
    account_name: str
    origin: str
    started_by: str
    because: tuple[str, ...]
    started_at: datetime
    paused_since: datetime | None
    paused_because: tuple[str, ...]
    ended_at: datetime | None
    how: str
    ended_because: tuple[str, ...]
    ended_by: str
    steps_over: int
    steps_total: int


@dataclass(frozen=True)
class Asked:
    """Which runs are asked for."""

    state: str = ""
    playbook: str = ""
    account: str = ""


def read(*, state: str = "", playbook: str = "", account: str = "") -> Asked:
    """What was asked for in words; refuses what is not known."""
    if state and state not in STATES:
        raise errors.Invalid(
            '"%(state)s" is not known. Use one of %(listed)s.', state=state, listed=", ".join(STATES)
        )
    return Asked(state, playbook, account)


def page(
    *, asked: Asked, seen_by: Scope, before: int | None = None, limit: int = AT_ONCE
) -> tuple[RunView, ...]:
    """Runs for accounts that the asker may see, the latest first. One query."""
    rows = _visible(seen_by)
    if asked.state:
        rows = rows.filter(open=asked.state == "open")
    if asked.playbook:
        rows = rows.filter(playbook__slug=asked.playbook)
    if asked.account:
        rows = rows.filter(account__key=asked.account)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple(map(_view, _joined(rows).order_by("-pk")[:limit]))


def each(*, asked: Asked, seen_by: Scope) -> Iterator[RunView]:
    """All of them, in constant memory."""
    before: int | None = None
    while found := page(asked=asked, seen_by=seen_by, before=before):
        yield from found
        before = found[-1].id


def find(*, run_id: int, seen_by: Scope) -> RunView:
    """One run; what one may not see does not exist. One query."""
    found = _joined(_visible(seen_by).filter(pk=run_id)).first()
    if found is None:
        raise errors.NotFound("There is no run %(run_id)s.", run_id=run_id)
    return _view(found)


def of_task(*, task_id: int, seen_by: Scope) -> tuple[int, str] | None:
    """The run and the title of the playbook that a task is a step of. One query."""
    rows = _visible(seen_by).filter(step__task=task_id)
    return rows.values_list("pk", "playbook__title").first()


def steps(*, run_id: int, seen_by: Scope) -> tuple[StepView, ...]:
    """The steps of a run in the order in which they are written. Three queries."""
    run = _visible(seen_by).filter(pk=run_id).select_related("version").first()
    if run is None:
        raise errors.NotFound("There is no run %(run_id)s.", run_id=run_id)
    said = {step["slug"]: step for step in run.version.definition["steps"]}
    rows: Any = models.RunStep.objects.filter(run=run).annotate(message_pk=F("message"))
    joined = rows.select_related("by", "task", "task__assignee").order_by("place")
    return tuple(_step(row, said[row.slug]) for row in joined)


def _visible(seen_by: Scope) -> "QuerySet[models.Run]":
    return models.Run.objects.filter(account__in=accounts.visible(seen_by=seen_by))


def _joined(rows: "QuerySet[models.Run]") -> "QuerySet[Any]":
    over = Q(step__state__in=("done", "skipped", "failed"))
    rests = models.RunPause.objects.filter(run=OuterRef("pk"), until=None)
    return rows.select_related("playbook", "version", "account", "started_by").annotate(
        paused_since=Subquery(rests.values("since")[:1]),
        paused_because=Subquery(rests.values("because")[:1]),
        steps_total=Count("step", distinct=True),
        steps_over=Count("step", filter=over, distinct=True),
        ended_at=F("ending__at"),
        how=F("ending__how"),
        ended_because=F("ending__because"),
        ended_name=F("ending__by__name"),
        ended_email=F("ending__by__email"),
    )


def _view(row: Any) -> RunView:
    return RunView(
        id=row.pk,
        playbook=row.playbook.slug,
        title=row.playbook.title,
        number=row.version.number,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        origin=row.origin,
        started_by=str(row.started_by) if row.started_by else "",
        because=tuple(row.because),
        started_at=row.started_at,
        paused_since=row.paused_since,
        paused_because=tuple(row.paused_because or ()),
        ended_at=row.ended_at,
        how=row.how or "",
        ended_because=tuple(row.ended_because or ()),
        ended_by=row.ended_name or row.ended_email or "",
        steps_over=row.steps_over,
        steps_total=row.steps_total,
    )


def _step(row: Any, said: dict[str, Any]) -> StepView:
    task = row.task
    return StepView(
        slug=row.slug,
        title=row.said.get("title") or said["title"],
        kind=said["kind"],
        role=said.get("role", ""),
        state=row.state,
        outcome=row.outcome,
        begins_at=row.begins_at,
        due_at=task.due_at if task else row.due_at,
        ended_at=row.ended_at,
        because=tuple(row.because),
        by=str(row.by) if row.by else "",
        owner=str(task.assignee) if task and task.assignee else "",
        task_id=row.task_id,
        message_id=row.message_pk,
        said={key: value for key, value in row.said.items() if key != "title"},
        receipts=tuple(row.receipts),
    )
