"""What happened to an account, latest first, straight from the ledger."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.kernel.figures import figure, measured
from keepwell.ledger import frames, models
from keepwell.ledger.queries import accounts

TITLES = {
    "account.created": "Became a customer",
    "account.churned": "Left",
    "account.merged": "Took in another account",
    "account.split": "Part became an account of its own",
    "person.joined": "Joined",
    "person.left": "Left the account",
    "person.on_leave": "Went on leave",
    "person.returned": "Came back from leave",
    "person.removed": "Taken off the account",
    "stance.changed": "Stance changed",
    "role.changed": "Roles changed",
    "contract.signed": "Contract began",
    "contract.changed": "Contract changed",
    "ticket.opened": "Ticket opened",
    "ticket.escalated": "Ticket escalated",
    "ticket.resolved": "Ticket resolved",
    "survey.answered": "Answered a survey",
    "touchpoint.held": "We spoke",
    "touchpoint.declined": "Declined an invitation",
    "review.held": "Business review",
    "plan.confirmed": "Success plan confirmed",
    "sprint.started": "Sprint began",
    "sprint.ended": "Sprint ended",
    "milestone.planned": "Milestone planned",
    "milestone.moved": "Milestone moved",
    "milestone.done": "Milestone done",
    "criterion.agreed": "Acceptance criterion agreed",
    "criterion.confirmed": "Acceptance criterion confirmed",
    "change.requested": "Change requested",
    "change.decided": "Change decided",
    "risk.raised": "Risk raised",
    "risk.closed": "Risk closed",
    "raci.assigned": "Given a part",
    "raci.ended": "Part ended",
    "obligation.evidenced": "Obligation evidenced",
    "integration.changed": "Integration changed",
    "course.enrolled": "Enrolled in a course",
    "course.started": "Began a course",
    "course.completed": "Completed a course",
    "gap.requested": "Asked for what the product lacks",
    "gap.told": "Told that it is there",
    "invoice.issued": "Invoice issued",
    "invoice.paid": "Invoice paid",
    "health.band_changed": "Health changed",
    "incident.opened": "Incident opened",
    "incident.closed": "Incident closed",
    "task.set": "Task set",
    "task.done": "Task done",
    "task.reopened": "Task reopened",
}

FEATURED = ("integration.changed", "change.decided", "raci.assigned", "raci.ended")


@dataclass(frozen=True)
class TimelineItem:
    """One fact: `id` opens the event itself."""

    id: str
    at: datetime
    known_at: datetime
    name: str
    title: str
    detail: str
    person: str
    source: str
    value: float | None
    props: dict[str, Any]


def of_account(
    *,
    account_id: int,
    seen_by: Scope,
    until: datetime,
    known_by: datetime | None = None,
    since: datetime | None = None,
    learned_since: datetime | None = None,
    limit: int = 100,
) -> tuple[TimelineItem, ...]:
    """The latest business facts of an account before a moment, as known before another.

    Perhaps only those from a moment on, or that were learned after one. Reads one account's share of the lake.
    """
    may_see, known_by = accounts.known_until(account_id=account_id, seen_by=seen_by, known_by=known_by)
    if not may_see:
        return ()
    facts = frames.events(
        since=since, until=until, known_by=known_by, accounts=[account_id], kind="fact", names=list(TITLES)
    ).to_native()
    if learned_since is not None:
        facts = facts.filter(pl.col("known_at") > learned_since)
    rows = facts.sort(["at", "known_at", "id"], descending=True).limit(limit).collect()
    names = _names({row for row in rows["person"].to_list() if row})
    return tuple(_item(row, names) for row in rows.iter_rows(named=True))


def _names(keys: set[str]) -> dict[str, str]:
    return dict(models.Person.objects.filter(key__in=keys).exclude(name="").values_list("key", "name"))


def _item(row: dict[str, Any], names: dict[str, str]) -> TimelineItem:
    props = json.loads(row["props"])
    return TimelineItem(
        id=row["id"],
        at=row["at"],
        known_at=row["known_at"],
        name=row["name"],
        title=TITLES[row["name"]],
        detail=_detail(row["name"], row["feature"], row["value"], props),
        person=names.get(row["person"], row["person"]),
        source=row["source"],
        value=row["value"],
        props=props,
    )


def _detail(name: str, feature: str, value: float | None, props: dict[str, Any]) -> str:
    """The one line that says what there is to say."""
    if name.startswith("contract."):
        arr = "" if value is None else f"{props.get('currency', '')} {value:,.0f} a year"
        seats = f"{props['seats']} {'seat' if props['seats'] == 1 else 'seats'}" if props.get("seats") else ""
        return " · ".join(str(part) for part in (props.get("product"), arr, seats) if part)
    if name == "survey.answered":
        return f"{feature.upper()} {figure(value)}" if value is not None else feature.upper()
    if name == "touchpoint.held":
        return f"{feature}, {measured(value, 'minutes')}" if value else feature
    if name == "review.held":
        return "an executive attended" if value else "no executive attended"
    if name == "health.band_changed":
        return f"from {props.get('from')} to {props.get('to')}"
    of_work = _of_work(name, feature, value, props)
    return of_work or str(props.get("title") or (feature if feature != name else ""))


def _of_work(name: str, feature: str, value: float | None, props: dict[str, Any]) -> str:
    title = str(props.get("title", ""))
    if name == "milestone.moved":
        return f"{title}: from {props.get('from')} to {props.get('to')}"
    if name == "milestone.done" and value is not None:
        return f"{title}, {_lateness(value)}"
    if name.startswith("invoice.") and value is not None:
        return f"{title} {props.get('currency', '')} {value:,.2f}".strip()
    return f"{title}: {feature}" if name in FEATURED else ""


def _lateness(days: float) -> str:
    if not days:
        return "on the day"
    return f"{measured(abs(days), 'days')} {'late' if days > 0 else 'early'}"
