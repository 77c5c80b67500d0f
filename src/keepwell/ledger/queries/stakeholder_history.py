"""What people were to an account on a past day: what they are now, with each later change taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import LATEST, end_of
from keepwell.ledger import frames, models
from keepwell.ledger.queries import accounts, identity, people
from keepwell.ledger.queries.people import StakeholderView

STATUSES = {
    "person.joined": "active",
    "person.returned": "active",
    "person.left": "left",
    "person.on_leave": "on_leave",
}
CHANGES = {
    "role.changed": "roles",
    "stance.changed": "stance",
    "influence.changed": "influence",
    "title.changed": "title",
    "line.changed": "reports_to_key",
    **dict.fromkeys(STATUSES, "status"),
}


@dataclass(frozen=True)
class StakeChange:
    """Something that a person is to the account changed: `field` of `StakeholderView`, from what to what."""

    person: str
    field: str
    before: Any
    after: Any
    at: datetime
    known_at: datetime
    source: str

    @property
    def is_first(self) -> bool:
        """Whether nothing was recorded before."""
        return not self.before


def then(*, account_id: int, seen_by: Scope, as_of: date) -> tuple[StakeholderView, ...]:
    """The people of an account at the end of a past day, as known now.

    What was recorded of somebody at first is taken to have held since they belonged there. Two queries, and the account's
    share of the lake.
    """
    present = people.of_account(account_id=account_id, seen_by=seen_by)
    rows = models.Placement.objects.filter(
        identity.known(None),
        Q(since=None) | Q(since__lte=as_of),
        Q(until=None) | Q(until__gt=as_of),
        account=account_id,
    )
    placed = set(rows.values_list("person__key", flat=True))
    views = {view.key: view for view in present if view.key in placed}
    told = changes(account_id=account_id, seen_by=seen_by, since=end_of(as_of), until=end_of(LATEST))
    joined = {(one.person, one.known_at) for one in told if one.field == "status" and one.is_first}
    for change in told:
        view = views.get(change.person)
        if view is None or (change.is_first and (change.person, change.known_at) in joined):
            continue
        views[change.person] = replace(view, **_restored(change))
    return people.ranked(map(_named(views), views.values()))


def _restored(change: StakeChange) -> dict[str, Any]:
    if change.field == "roles":
        roles = tuple(change.before or ())
        return {"roles": roles, "role": roles[0] if roles else ""}
    if change.field == "status":
        return {"status": change.before or "active", "status_since": None}
    return {change.field: change.before}


def _named(views: Mapping[str, StakeholderView]) -> Any:
    """Whom somebody reports to by name; nobody who was not there."""

    def named(view: StakeholderView) -> StakeholderView:
        boss = views.get(view.reports_to_key)
        return replace(
            view,
            reports_to=boss.name if boss else "",
            reports_to_key=boss.key if boss else "",
            status="active" if view.status == "left" else view.status,
        )

    return named


def changes(
    *, account_id: int, seen_by: Scope, until: datetime, since: datetime | None = None, person: str = ""
) -> tuple[StakeChange, ...]:
    """What changed about the people of an account, or about one, latest first. Reads one account's share of the lake."""
    may_see, known_by = accounts.known_until(account_id=account_id, seen_by=seen_by)
    if not may_see:
        return ()
    facts = frames.events(
        since=since, until=until, known_by=known_by, accounts=[account_id], kind="fact", names=list(CHANGES)
    ).to_native()
    rows = facts.sort(["at", "known_at", "id"], descending=True).collect().iter_rows(named=True)
    return tuple(_change(row) for row in rows if not person or row["person"] == person)


def _change(row: Mapping[str, Any]) -> StakeChange:
    props = json.loads(row["props"])
    field = CHANGES[row["name"]]
    before, after = props.get("from"), props.get("to", STATUSES.get(row["name"]))
    if field == "reports_to_key":
        before, after = ((end or {}).get("person", "") for end in (before, after))
    return StakeChange(row["person"], field, before, after, row["at"], row["known_at"], row["source"])
