"""Deeds on organisations that change: two accounts become one, one becomes two; and each taken back exactly.

What was known before is not touched: keys, people and places in the hierarchy move from the moment of the deed on, and
events are never written anew. Rows (contracts, tickets, …) move, and the record of the deed says which.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, departures, events, hierarchy, links, moves, owners
from keepwell.ledger.event import Event
from keepwell.ledger.queries import accounts as reads
from keepwell.ledger.queries import mergers as views

SOURCE = "keepwell"


def merge(*, source: str, target: str, by: Scope, at: datetime, note: str = "") -> int:
    """Let one account become part of another from now on; gives the number under which it can be undone.

    The account stays, with its history as it was known until now, and no longer counts as a customer. Some forty queries
    whatever the number of rows.
    """
    by.require("accounts.assign")
    with transaction.atomic():
        gone, kept = _pair(source, target, by)
        moved: dict[str, Any] = {
            "keys": moves.keys(source=gone.pk, target=kept.pk, reason="merge", at=at),
            "rows": moves.rows(source=gone.pk, target=kept.pk),
            "people": moves.people(source=gone.pk, target=kept.pk, at=at),
            "domains": moves.domains(source=gone.pk, target=kept.pk),
            "parents": [
                changed._asdict() for changed in hierarchy.take_along(source=gone.pk, target=kept.pk, at=at)
            ],
        }
        models.Account.objects.filter(pk=gone.pk).update(merged_into=kept, merged_at=at)
        deed = models.Reorganisation.objects.create(
            kind="merge", source=gone, target=kept, at=at, by_id=by.user_id, note=note, moved=moved
        )
        _settle(gone.pk, kept.pk, at)
        _tell(deed, account=kept.key, other=gone.key)
        audit.record(
            by=by, at=at, deed="account.merge", subject=f"account:{source}", into=target, number=deed.pk
        )
        return int(deed.pk)


def split(
    *,
    source: str,
    key: str,
    name: str,
    by: Scope,
    at: datetime,
    contracts: Collection[str] = (),
    people: Collection[str] = (),
    keys: Collection[str] = (),
    note: str = "",
) -> int:
    """Let some contracts, people and raw keys of an account become a new account; gives the number of the deed."""
    by.require("accounts.assign")
    if not (contracts or people or keys):
        raise errors.Invalid("Choose what goes to the new account: contracts, people or keys.")
    with transaction.atomic():
        (old,) = _locked([source], by)
        chosen = views.chosen(
            account_id=old.pk, own_key=old.key, contracts=contracts, people=people, keys=keys
        )
        if models.Account.objects.filter(key=key).exists():
            raise errors.Conflict('There is an account "%(key)s" already. Choose another key.', key=key)
        row = {"key": key, "name": name or key}
        (verdict,) = accounts.upsert(rows=[row], source=SOURCE, by=by, at=at, vouched=False)
        if verdict.outcome != "created":
            raise errors.Conflict(speech.recalled(verdict.reason))
        new = models.Account.objects.get(key=key)
        _same_owners(old, new, at)
        moved: dict[str, Any] = {
            "keys": moves.keys(source=old.pk, target=new.pk, reason="split", at=at, only=chosen.keys),
            "rows": moves.rows(source=old.pk, target=new.pk, only={"contract": chosen.contracts}),
            "people": moves.people(source=old.pk, target=new.pk, at=at, only=chosen.people),
        }
        deed = models.Reorganisation.objects.create(
            kind="split", source=old, target=new, at=at, by_id=by.user_id, note=note, moved=moved
        )
        _settle(old.pk, new.pk, at)
        _tell(deed, account=old.key, other=new.key)
        audit.record(
            by=by, at=at, deed="account.split", subject=f"account:{source}", into=key, number=deed.pk
        )
        return int(deed.pk)


def undo(*, number: int, by: Scope, at: datetime) -> None:
    """Take a merger, a split or a move back: all that it moved goes where it was, from now on.

    What came in since stays where it is, but for what a split-off account got: it goes to the account it came from.
    """
    by.require("accounts.assign")
    with transaction.atomic():
        deed = models.Reorganisation.objects.select_for_update(of=("self",)).select_related(
            "source", "target"
        )
        found = deed.filter(pk=number).first()
        if found is None or not views.may_see(deed=found, seen_by=by):
            raise errors.NotFound("There is no change of organisation number %(number)s.", number=number)
        if found.undone_at is not None:
            raise errors.Conflict("This was taken back already.")
        views.refuse_unless_last(deed=found)
        _UNDO[found.kind](found, at)
        found.undone_at, found.undone_by_id = at, by.user_id
        found.save(update_fields=["undone_at", "undone_by"])
        audit.record(
            by=by,
            at=at,
            deed=f"account.{found.kind}.undo",
            subject=f"account:{found.source.key}",
            number=number,
        )


def _undo_move(deed: models.Reorganisation, at: datetime) -> None:
    hierarchy.restore(changed=deed.moved["parents"], at=at)


def _undo_merge(deed: models.Reorganisation, at: datetime) -> None:
    gone, kept = deed.source, _target(deed)
    for changed in reversed(deed.moved["parents"]):
        hierarchy.restore(changed=changed, at=at)
    _put_back(deed, at)
    moves.domains_back(moved=deed.moved["domains"], source=gone.pk, target=kept.pk)
    models.Account.objects.filter(pk=gone.pk).update(merged_into=None, merged_at=None)
    departures.note(after_batch=0)
    _retell(deed, kept.key, at)
    _settle(gone.pk, kept.pk, at)


def _undo_split(deed: models.Reorganisation, at: datetime) -> None:
    old, new = deed.source, _target(deed)
    _put_back(deed, at)
    moves.keys(source=new.pk, target=old.pk, reason="merge", at=at)
    moves.rows(source=new.pk, target=old.pk)
    moves.people(source=new.pk, target=old.pk, at=at)
    moves.domains(source=new.pk, target=old.pk)
    hierarchy.take_along(source=new.pk, target=old.pk, at=at)
    models.Account.objects.filter(pk=new.pk).update(merged_into=old, merged_at=at)
    taken = [events.Taken(event_id, old.key) for event_id in new.event_ids.values()]
    events.retract(taken=taken, source=SOURCE, received_at=at)
    _retell(deed, old.key, at)
    _settle(old.pk, new.pk, at)


_UNDO = {"move": _undo_move, "merge": _undo_merge, "split": _undo_split}


def _target(deed: models.Reorganisation) -> models.Account:
    if deed.target is None:
        raise errors.Conflict("The other account is gone.")
    return deed.target


def _put_back(deed: models.Reorganisation, at: datetime) -> None:
    there, here = _target(deed).pk, deed.source_id
    moves.keys_back(moved=deed.moved["keys"], source=here, target=there, at=at)
    moves.rows_back(moved=deed.moved["rows"], source=here, target=there)
    moves.people_back(moved=deed.moved["people"], source=here, target=there, at=at)


def _pair(source: str, target: str, by: Scope) -> tuple[models.Account, models.Account]:
    if source == target:
        raise errors.Invalid("An account cannot be merged into itself.")
    gone, kept = _locked([source, target], by)
    return gone, kept


def _locked(keys: list[str], by: Scope) -> list[models.Account]:
    """The accounts by key, locked in one order; those that are merged already are refused."""
    seen = set(reads.visible(seen_by=by).filter(key__in=keys).values_list("pk", flat=True))
    rows = models.Account.objects.select_for_update(of=("self",)).select_related("merged_into")
    found = {account.key: account for account in rows.filter(pk__in=seen).order_by("pk")}
    for key in keys:
        if key not in found:
            raise errors.NotFound('There is no account "%(key)s".', key=key)
        if (into := found[key].merged_into) is not None:
            raise errors.Conflict(
                '"%(key)s" was merged into "%(key2)s" already. Name that one.', key=key, key2=into.key
            )
    return [found[key] for key in keys]


def _same_owners(old: models.Account, new: models.Account, at: datetime) -> None:
    present = models.Ownership.objects.filter(account=old, until=None).values_list("role", "user")
    owners.hand_over(wanted={(new.pk, role): user for role, user in present}, on=at.date())


def _settle(one: int, other: int, at: datetime) -> None:
    """Let what is restated from rows, and the numbers, follow."""
    accounts.last_touches(account_ids=[one, other])
    accounts.restate(on=at.date(), account_ids=[one, other])
    links.announce(account_ids=[one, other], source=SOURCE, at=at, why="organisation")


def _tell(deed: models.Reorganisation, *, account: str, other: str) -> None:
    said = Event(
        id=_event_id(deed),
        account=account,
        name={"merge": "account.merged", "split": "account.split"}[deed.kind],
        feature=other,
        at=deed.at,
        props=json.dumps({"note": deed.note}) if deed.note else "{}",
        source=SOURCE,
    )
    events.append(events=[said], received_at=deed.at)


def _retell(deed: models.Reorganisation, account: str, at: datetime) -> None:
    events.retract(taken=[events.Taken(_event_id(deed), account)], source=SOURCE, received_at=at)


def _event_id(deed: models.Reorganisation) -> str:
    return f"~organisation:{deed.pk}"
