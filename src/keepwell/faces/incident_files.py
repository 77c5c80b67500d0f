"""Incidents and autopsies as rows of a file, for pages and the API alike."""

from collections.abc import Iterable, Iterator, Sequence

from keepwell.plays.queries.autopsies import AutopsyView
from keepwell.plays.queries.incidents import IncidentView

INCIDENT_COLUMNS = (
    "id", "account", "account_name", "title", "reason", "opened_at", "due_at", "open", "times_reopened", "tasks",
    "tasks_done", "cause_kind", "cause", "plan", "closed_at", "closed_by",
)  # fmt: skip
AUTOPSY_COLUMNS = (
    "id", "account", "account_name", "left_on", "arr", "currency", "missed", "known_lead_days", "lead_days",
    "first_signal", "response_days", "signals", "acts", "delivered", "answered", "put_aside",
)  # fmt: skip


def incidents(found: Iterable[IncidentView]) -> Iterator[Sequence[object]]:
    """One row an incident."""
    for one in found:
        done = sum(task.done_at is not None for task in one.tasks)
        closed = one.closed_at.isoformat() if one.closed_at else ""
        yield (
            one.id, one.account_key, one.account_name, one.title, one.reason, one.opened_at.isoformat(),
            one.due_at.isoformat(), one.open, one.round, len(one.tasks), done, one.cause_kind, one.cause, one.plan, closed,
            one.closed_by,
        )  # fmt: skip


def autopsies(found: Iterable[AutopsyView]) -> Iterator[Sequence[object]]:
    """One row a departure."""
    for one in found:
        told, first = one.findings, one.findings["first_signal"]
        alarms = told.get("alarms", {})  # not counted: empty, not zero
        yield (
            one.id, one.account_key, one.account_name, one.left_on.isoformat(), one.arr.amount if one.arr else "",
            one.arr.currency if one.arr else "", one.missed, told["known_lead_days"], one.lead_days,
            first["rule"] if first else "", told["response_days"], len(told["signals"]), len(told["acts"]),
            alarms.get("delivered", ""), alarms.get("answered", ""), alarms.get("put_aside", ""),
        )  # fmt: skip
