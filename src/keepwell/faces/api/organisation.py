"""How accounts belong together over the REST API: trees, mergers, splits, moves, owners and what keys mean."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.kernel import errors
from keepwell.kernel.moments import end_of, within_reach
from keepwell.ledger.actions import accounts as account_deeds
from keepwell.ledger.actions import belonging
from keepwell.ledger.actions import hand_overs as hand_over_deeds
from keepwell.ledger.actions import hierarchy as hierarchy_deeds
from keepwell.ledger.actions import identity as identity_deeds
from keepwell.ledger.actions import mergers as merger_deeds
from keepwell.ledger.actions import people as people_deeds
from keepwell.ledger.queries import accounts, hand_overs, hierarchy, mergers, unresolved

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Key = Annotated[str, StringConstraints(min_length=1, max_length=220, pattern=r"^[^\x00]*$")]
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Kind = Literal["legal", "commercial", "site"]


class NodeOut(Schema):
    """An account in its tree: its own ARR and that of all below it, by currency; `total` in the reporting currency."""

    key: str
    name: str
    depth: int
    parent: str | None
    arr: list[MoneyOut]
    arr_below: list[MoneyOut]
    total: MoneyOut | None
    below: int


class TreeOut(Schema):
    """All that belongs together with an account, the top first, each followed by what stands below it."""

    kind: str
    as_of: date
    nodes: list[NodeOut]


class ParentIn(Schema):
    """An account stands under a parent ("" for none) from a day on; without a day always."""

    account: Key
    parent: Text = ""
    kind: Kind = "commercial"
    since: date | None = None


class ParentsIn(Schema):
    """Where accounts stand; `vouched` if it was known when it began."""

    rows: Annotated[list[ParentIn], Query(max_length=10_000)]
    source: Text = "api"
    vouched: bool = False


class OrganisationVerdictOut(Schema):
    """What became of one row."""

    outcome: str
    reason: str


class OwnerSpanOut(Schema):
    """Who looked after an account in a role, from a day until a day (null: still)."""

    role: str
    name: str
    email: str
    since: date
    until: date | None


class AssignIn(Schema):
    """Somebody who can sign in, by e-mail address, and the role in which they look after the account, from today or later."""

    account: Key
    email: Text
    role: Text = "csm"
    since: date | None = None


class OwnerHandOverOut(Schema):
    """From the day on this person has the role; it can be taken back until then."""

    role: str
    name: str
    email: str
    since: date
    said_by: str


class MergeIn(Schema):
    """The account that ends, and the one that it becomes part of."""

    source: Key
    target: Key
    note: Text = ""


class SplitIn(Schema):
    """What of an account goes to a new one with a key and a name: contracts, people, raw keys."""

    source: Key
    key: Key
    name: Text = ""
    contracts: list[Key] = []
    people: list[Key] = []
    keys: list[Key] = []
    note: Text = ""


class MergerPreviewOut(Schema):
    """What would move: events, rows by table, people, keys, children; ARR of what moves and afterwards."""

    source: str
    target: str
    events: int
    rows: dict[str, int]
    people: int
    keys: list[str]
    children: int
    arr: list[MoneyOut]
    arr_after: list[MoneyOut]


class DeedOut(Schema):
    """A change of organisation; `number` is what it is undone by."""

    number: int
    kind: str
    source: str
    target: str
    at: datetime
    by: str
    note: str
    undone_at: datetime | None


class IdentityNumberOut(Schema):
    """The number by which it is undone."""

    number: int


class UnresolvedOut(Schema):
    """A raw key that means no account yet, and the one that it may mean."""

    of: str
    key: str
    events: int
    first_day: date
    last_day: date
    suggested: str
    why: str


class IdentityLinkIn(Schema):
    """A raw key of events (or of a person, `of`) and the account that it means."""

    key: Key
    account: Key
    of: Literal["account", "person"] = "account"


class MoveIn(Schema):
    """A person leaves one account for another on a day."""

    person: Key
    source: Key
    target: Key
    on: date


@router.get("/hierarchy", response={200: TreeOut, **PROBLEMS})
def get_tree(
    request: Asked,
    account: Key,
    kind: Kind = "commercial",
    as_of: date | None = None,
    known_at: date | None = None,
) -> TreeOut:
    """The tree around an account as of a day (today), as known now or at the end of another day."""
    found = hierarchy.tree(
        account_id=_id(request, account),
        kind=kind,
        as_of=as_of or clock.today(),
        known_by=end_of(known_at) if known_at else None,
        seen_by=request.auth,
    )
    return TreeOut.from_orm(found)


@router.post("/hierarchy/parents", response={200: list[OrganisationVerdictOut], **PROBLEMS})
def put_parents(request: Asked, given: ParentsIn) -> list[OrganisationVerdictOut]:
    """State where accounts stand, each from a day on; a verdict each."""
    request.auth.require("accounts.assign")
    named = {key for row in given.rows for key in (row.account, row.parent) if key}
    seen = accounts.ids_by_key(named, seen_by=request.auth)
    if hidden := sorted(named - set(seen)):
        raise errors.NotFound('There is no account "%(hidden)s".', hidden=hidden[0])
    verdicts = hierarchy_deeds.upsert(
        rows=[row.dict() for row in given.rows],
        source=given.source,
        by=request.auth,
        at=clock.now(),
        vouched=given.vouched,
    )
    return [OrganisationVerdictOut(outcome=verdict.outcome, reason=verdict.reason) for verdict in verdicts]


@router.get("/owners", response={200: list[OwnerSpanOut], **PROBLEMS})
def list_owners(request: Asked, account: Key) -> list[OwnerSpanOut]:
    """Who looked after an account when, by role, latest first."""
    found = accounts.owner_history(account_id=_id(request, account), seen_by=request.auth)
    return [OwnerSpanOut.from_orm(span) for span in found]


@router.post("/owners", response={204: None, **PROBLEMS})
def assign(request: Asked, given: AssignIn) -> Status[None]:
    """Hand an account over in a role; whoever looked after it before keeps the history."""
    account_deeds.assign_by_email(
        key=given.account,
        email=given.email,
        role=given.role,
        by=request.auth,
        at=clock.now(),
        since=None if given.since is None else within_reach(given.since),
    )
    return Status(204, None)


@router.get("/hand-overs", response={200: list[OwnerHandOverOut], **PROBLEMS})
def list_hand_overs(request: Asked, account: Key) -> list[OwnerHandOverOut]:
    """Who is to look after an account from days to come on."""
    found = hand_overs.of_account(account_id=_id(request, account), seen_by=request.auth)
    return [OwnerHandOverOut.from_orm(one) for one in found]


@router.delete("/hand-overs", response={204: None, **PROBLEMS})
def drop_hand_over(request: Asked, account: Key, role: str = "csm") -> Status[None]:
    """Take a hand-over back that has not begun."""
    hand_over_deeds.drop_one(key=account, role=role, by=request.auth, at=clock.now())
    return Status(204, None)


@router.get("/organisation", response={200: list[DeedOut], **PROBLEMS})
def list_deeds(request: Asked, account: Key) -> list[DeedOut]:
    """Mergers, splits and moves of an account, latest first."""
    found = mergers.deeds(account_id=_id(request, account), seen_by=request.auth)
    return [DeedOut.from_orm(deed) for deed in found]


@router.post("/organisation/mergers/preview", response={200: MergerPreviewOut, **PROBLEMS})
def preview_merger(request: Asked, given: MergeIn) -> MergerPreviewOut:
    """What a merger would move; nothing is done."""
    found = mergers.merge_preview(
        source=given.source, target=given.target, on=clock.today(), seen_by=request.auth
    )
    return MergerPreviewOut.from_orm(found)


@router.post("/organisation/mergers", response={201: IdentityNumberOut, **PROBLEMS})
def merge(request: Asked, given: MergeIn) -> Status[IdentityNumberOut]:
    """Let one account become part of another from now on."""
    number = merger_deeds.merge(
        source=given.source, target=given.target, note=given.note, by=request.auth, at=clock.now()
    )
    return Status(201, IdentityNumberOut(number=number))


@router.post("/organisation/splits/preview", response={200: MergerPreviewOut, **PROBLEMS})
def preview_split(request: Asked, given: SplitIn) -> MergerPreviewOut:
    """What a split would move; nothing is done."""
    chosen = {"contracts": given.contracts, "people": given.people, "keys": given.keys}
    found = mergers.split_preview(source=given.source, on=clock.today(), seen_by=request.auth, **chosen)
    return MergerPreviewOut.from_orm(found)


@router.post("/organisation/splits", response={201: IdentityNumberOut, **PROBLEMS})
def split(request: Asked, given: SplitIn) -> Status[IdentityNumberOut]:
    """Let some contracts, people and keys become a new account."""
    return Status(
        201, IdentityNumberOut(number=merger_deeds.split(**given.dict(), by=request.auth, at=clock.now()))
    )


@router.post("/organisation/moves", response={201: IdentityNumberOut, **PROBLEMS})
def move(request: Asked, given: ParentIn) -> Status[IdentityNumberOut]:
    """Put an account under another from a day on, or under none."""
    deed = hierarchy_deeds.place(
        child=given.account,
        parent=given.parent or None,
        kind=given.kind,
        since=given.since,
        by=request.auth,
        at=clock.now(),
    )
    return Status(201, IdentityNumberOut(number=deed.pk))


@router.post("/organisation/{int:number}/undo", response={204: None, **PROBLEMS})
def undo(request: Asked, number: int) -> Status[None]:
    """Take a merger, a split or a move back."""
    merger_deeds.undo(number=number, by=request.auth, at=clock.now())
    return Status(204, None)


@router.get("/identity/unresolved", response={200: list[UnresolvedOut], **PROBLEMS})
def list_unresolved(request: Asked, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[UnresolvedOut]:
    """Raw keys of events that mean no account yet, those that said most first."""
    return [UnresolvedOut.from_orm(key) for key in unresolved.keys(seen_by=request.auth, limit=limit)]


@router.post("/identity/links", response={204: None, **PROBLEMS})
def link(request: Asked, given: IdentityLinkIn) -> Status[None]:
    """Let a raw key mean an account from now on, also for what it said before."""
    deed = identity_deeds.link if given.of == "account" else identity_deeds.link_person
    deed(key=given.key, account=given.account, by=request.auth, at=clock.now())
    return Status(204, None)


@router.post("/identity/links/undo", response={204: None, **PROBLEMS})
def unlink(request: Asked, given: IdentityLinkIn) -> Status[None]:
    """Undo a link that somebody made, or take a person off an account that they do not belong to."""
    if given.of == "account":
        identity_deeds.unlink(key=given.key, by=request.auth, at=clock.now())
    else:
        belonging.take_off(person=given.key, account=given.account, by=request.auth, at=clock.now())
    return Status(204, None)


@router.post("/people-moves", response={204: None, **PROBLEMS})
def move_person(request: Asked, given: MoveIn) -> Status[None]:
    """A person leaves one account for another; the history of both stays."""
    people_deeds.move(
        person=given.person,
        source=given.source,
        target=given.target,
        on=given.on,
        by=request.auth,
        at=clock.now(),
    )
    return Status(204, None)


def _id(request: Asked, key: str) -> int:
    return accounts.find(key=key, seen_by=request.auth).id
