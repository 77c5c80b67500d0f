"""Write what people are to accounts, and say each change in the ledger, so that it can be asked as of any day."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import Any, NamedTuple

from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import events, placements
from keepwell.ledger.actions.upserts import Row
from keepwell.ledger.event import Event

STAKE = ("role", "roles", "title", "stance", "influence", "reports_to_id", "status", "status_since")
TOLD = ("roles", "title", "stance", "influence", "status", "status_since")
Place = tuple[int, int]  # account, person


class Placed(NamedTuple):
    """The people for whom something changed, and why rows were refused, both by place in the list."""

    changed: set[int]
    refused: dict[int, str]


class _Told(NamedTuple):
    """An event that a change says: `since` a day, else from the moment on which it was told."""

    name: str
    feature: str
    since: date | None
    props: dict[str, Any]
    value: float | None = None


class _Change(NamedTuple):
    """A stakeholder before (None: new) and after, and from which day on."""

    before: dict[str, Any] | None
    stake: models.Stakeholder
    since: date | None


def place(
    *, rows: Sequence[Row], known: Mapping[str, int], source: str, at: datetime, vouched: bool
) -> Placed:
    """Write what rows say about people in accounts (roles, title, stance, influence, reports_to, status, status_since).

    A status holds from `status_since` on, else from today. Some fifteen queries for any number of rows, and one a level
    of reporting lines.
    """
    said = {i: row for i, row in enumerate(rows) if row.get("account")}
    keys = {row["key"] for row in said.values()} | {
        row["reports_to"] for row in said.values() if row.get("reports_to")
    }
    ids = dict(models.Person.objects.filter(key__in=keys).values_list("key", "pk"))
    places = {i: (known[row["account"]], ids[row["key"]]) for i, row in said.items()}
    mine = models.Stakeholder.objects.filter(person__in={person for _, person in places.values()})
    present = {(stake.account_id, stake.person_id): stake for stake in mine}
    lines = _Lines(
        {account for account, _ in places.values()} if any("reports_to" in row for row in rows) else ()
    )
    changes: dict[Place, _Change] = {}
    done = Placed(set(), {})
    for i, row in said.items():
        if row.get("reports_to") and (reason := lines.refusal(places[i], row["reports_to"], ids)):
            done.refused[i] = reason
            continue
        stake = present.get(places[i]) or models.Stakeholder(account_id=places[i][0], person_id=places[i][1])
        before = _state(stake) if places[i] in present else None
        _assign(stake, row, ids, at)
        if before != _state(stake):
            present[places[i]] = stake
            earlier = changes.get(places[i])
            changes[places[i]] = _Change(earlier.before if earlier else before, stake, row.get("since"))
            done.changed.add(i)
    _write(changes)
    _move(changes, source, at, vouched)
    _tell(changes, source, at, vouched)
    return done


def _state(stake: models.Stakeholder) -> dict[str, Any]:
    return {name: getattr(stake, name) for name in STAKE}


def _assign(stake: models.Stakeholder, row: Row, ids: Mapping[str, int], at: datetime) -> None:
    status = stake.status
    for name in TOLD:
        if name in row:
            setattr(stake, name, row[name])
    if "role" in row and "roles" not in row:
        stake.roles = [row["role"]] if row["role"] else []
    stake.role = stake.roles[0] if stake.roles else ""
    if "reports_to" in row:
        stake.reports_to_id = ids[row["reports_to"]] if row["reports_to"] else None
    if stake.status != status and not row.get("status_since"):
        stake.status_since = at.date()


class _Lines:
    """Who reports to whom in some accounts, with what the rows at hand change."""

    def __init__(self, accounts: Sequence[int] | set[int]) -> None:
        rows = models.Stakeholder.objects.filter(account__in=accounts).exclude(reports_to=None)
        self.above = {
            (account, person): boss
            for account, person, boss in rows.values_list("account_id", "person_id", "reports_to_id")
        }

    def refusal(self, place: Place, boss: str, ids: Mapping[str, int]) -> str:
        """Why a line cannot be drawn, or ""; it is noted when it can."""
        account, person = place
        if boss not in ids:
            return f'reports_to "{boss}" is not known. Import that person first, then this row again.'
        above: int | None = ids[boss]
        seen: set[int] = set()
        while above is not None and above not in seen:
            if above == person:
                return (
                    f'reports_to "{boss}": they report to this person already, directly or through others, and the '
                    "line would run in a circle. End that line first, or choose somebody else."
                )
            seen.add(above)
            above = self.above.get((account, above))
        self.above[place] = ids[boss]
        return ""


def _write(changes: Mapping[Place, _Change]) -> None:
    # In one order, so that two transactions that share people cannot wait for each other.
    models.Stakeholder.objects.bulk_create(
        [changes[place].stake for place in sorted(changes)],
        update_conflicts=True,
        unique_fields=["account", "person"],
        update_fields=list(STAKE),
    )


def _move(changes: Mapping[Place, _Change], source: str, at: datetime, vouched: bool) -> None:
    """Let people's events count where they belong, as long as they belong there."""
    begun: dict[Place, placements.Span] = {}
    ended: dict[Place, date | None] = {}
    for place, (before, stake, since) in changes.items():
        left = stake.status == "left"
        if before is None:
            begun[place] = (since, stake.status_since if left else None)
        elif before["status"] == "left" and not left:
            begun[place] = (since or stake.status_since, None)
        elif left and (before["status"], before["status_since"]) != ("left", stake.status_since):
            ended[place] = stake.status_since
    placements.begin(places=begun, source=source, at=at, always=vouched)
    placements.end(places=ended, source=source, at=at)


def _tell(changes: Mapping[Place, _Change], source: str, at: datetime, vouched: bool) -> None:
    accounts = dict(models.Account.objects.filter(pk__in={a for a, _ in changes}).values_list("pk", "key"))
    people = models.Person.objects.in_bulk({person for _, person in changes})
    bosses = _bosses(changes)
    said = [
        Event(
            id=f"~person:{people[person].key}:{told.name}:{token_hex(8)}",
            account=accounts[account],
            person=people[person].key,
            name=told.name,
            feature=told.feature,
            at=min(start_of(told.since), at) if told.since else at,
            value=told.value,
            props=json.dumps(told.props),
            source=source,
            vouched=vouched and told.since is not None,
        )
        for (account, person), change in sorted(changes.items(), key=lambda pair: pair[0])
        for told in _said(change, bosses)
    ]
    by_key, numbers = (
        {person.key: person for person in people.values()},
        {k: pk for pk, k in accounts.items()},
    )
    for event in said:  # so that they are taken back with the person, or with the place
        by_key[event.person].event_ids[f"{event.id}{_of(numbers[event.account])}"] = event.id
    models.Person.objects.bulk_update(
        sorted(people.values(), key=lambda person: person.key), ["event_ids"], 2000
    )
    events.append(events=said, received_at=at)


def _of(account: int) -> str:
    return f" @ {account}"


def unplace(*, places: Sequence[tuple[str, str]], source: str, at: datetime) -> None:
    """Take back that people (by account and person key) stand in accounts: they never did, as known from now on.

    Where their e-mail address says where they belong, that holds again. Some fifteen queries for any number of places.
    """
    asked = set(places)
    rows = models.Stakeholder.objects.filter(
        account__key__in={account for account, _ in asked}, person__key__in={person for _, person in asked}
    ).select_related("account", "person")
    gone = [row for row in rows if (row.account.key, row.person.key) in asked]
    models.Stakeholder.objects.filter(pk__in=[row.pk for row in gone]).delete()
    placements.withdraw(places=[(row.account_id, row.person_id) for row in gone], at=at)
    people = {row.person_id: row.person for row in gone}
    taken = [_taken(people[row.person_id], row.account) for row in gone]
    models.Person.objects.bulk_update(sorted(people.values(), key=lambda one: one.key), ["event_ids"], 2000)
    events.retract(taken=[each for some in taken for each in some], source=source, received_at=at)
    placements.announce(person_ids=people, source=source, at=at)
    placements.by_domain(keys=[person.key for person in people.values()], source=source, at=at)


def _taken(person: models.Person, account: models.Account) -> list[events.Taken]:
    labels = [label for label in person.event_ids if label.endswith(_of(account.pk))]
    return [events.Taken(person.event_ids.pop(label), account.key, person.key) for label in labels]


def _bosses(changes: Mapping[Place, _Change]) -> dict[int | None, str]:
    """The keys of whom people report to, before and after. One query, none where no line changed."""
    moved = [c for c in changes.values() if (c.before or {}).get("reports_to_id") != c.stake.reports_to_id]
    ends = [
        end for c in moved for end in ((c.before or {}).get("reports_to_id"), c.stake.reports_to_id) if end
    ]
    rows = models.Person.objects.filter(pk__in=ends).values_list("pk", "key") if ends else ()
    return {None: ""} | dict(rows)


_NEW: Mapping[str, Any] = {
    "status": None, "stance": "", "roles": [], "influence": None, "title": "", "reports_to_id": None,
}  # fmt: skip


def _said(change: _Change, bosses: Mapping[int | None, str]) -> list[_Told]:
    before, stake, since = change
    was = before or _NEW
    said: list[_Told] = []
    if before is None:
        said.append(_Told("person.joined", "", since, {}))
    elif was["status"] != stake.status and stake.status == "active":
        name = "person.joined" if was["status"] == "left" else "person.returned"
        said.append(_Told(name, "", stake.status_since, {"from": was["status"]}))
    if was["status"] != stake.status and stake.status in ("left", "on_leave"):
        said.append(_Told(f"person.{stake.status}", "", stake.status_since, {"from": was["status"] or ""}))
    if was["roles"] != stake.roles:
        props = {"from": was["roles"], "to": stake.roles}
        said.append(_Told("role.changed", ", ".join(stake.roles), None, props))
    if was["stance"] != stake.stance:
        said.append(_Told("stance.changed", stake.stance, None, {"from": was["stance"], "to": stake.stance}))
    return [*said, *_more_said(was, stake, bosses)]


def _more_said(
    was: Mapping[str, Any], stake: models.Stakeholder, bosses: Mapping[int | None, str]
) -> list[_Told]:
    said: list[_Told] = []
    if was["influence"] != stake.influence:
        props = {"from": was["influence"], "to": stake.influence}
        value = None if stake.influence is None else float(stake.influence)
        said.append(_Told("influence.changed", "", None, props, value))
    if was["title"] != stake.title:
        said.append(_Told("title.changed", "", None, {"from": was["title"], "to": stake.title}))
    if was["reports_to_id"] != stake.reports_to_id:
        ends = bosses.get(was["reports_to_id"], ""), bosses.get(stake.reports_to_id, "")
        said.append(_Told("line.changed", "", None, {"from": {"person": ends[0]}, "to": {"person": ends[1]}}))
    return said
