"""Deeds on contracts as a person does them: renew, expand, reduce, say that one is not renewed; and take it back."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import contracts, events, removals
from keepwell.ledger.amending import Given, Planned
from keepwell.ledger.event import Event
from keepwell.ledger.queries import amendments

SOURCE = "keepwell"


def amend(*, account: str, given: Given, by: Scope, at: datetime) -> int:
    """Write what was agreed: the terms, the contract that follows, and the fact; gives the amendment's number."""
    by.require("work.do")
    with transaction.atomic():
        row = amendments.contract(account=account, key=given.contract, seen_by=by, locked=True)
        planned = amendments.planned(given, contract=row, today=at.date())
        signed_at = _signed_at(given.signed_on, at)
        was = _written(row, planned.terms)
        if planned.terms:
            told = {"key": row.key, "account": row.account.key, "start_date": row.start_date, **planned.terms}
            _put(told | ({"effective": planned.effective} if planned.effective else {}), by, at)
        successor = uuid4().hex if planned.more else ""
        if planned.more:
            more = {"key": successor, "account": row.account.key, "signed_at": signed_at, **planned.more}
            _put(more, by, at)
        event = _event(row, planned, given, successor, signed_at)
        kept = models.Contract.objects.get(key=successor or row.key)
        made = models.Amendment.objects.create(
            contract=row.key, kind=planned.kind, on=planned.on, before=planned.before, after=planned.after,
            currency=planned.currency, reason=given.reason, preventable=given.preventable, note=given.note.strip(),
            successor=successor, was=was, made=_written(kept, planned.terms or planned.more),
            terms_since=kept.terms_since, event_id=event.id, signed_at=signed_at, at=at, by_id=by.user_id,
        )  # fmt: skip
        events.append(events=[event], received_at=at)
        audit.record(by=by, at=at, deed=event.name, subject=f"account:{row.account.key}", amendment=made.pk)
    return made.pk


def take_back(*, amendment: int, by: Scope, at: datetime) -> str:
    """It was not agreed: the terms are as they were, the contract that was made goes, the fact counts no more.

    A contract of a source that told the same stays: that is for the source to take back.

    Gives the account's key.
    """
    by.require("work.do")
    found = amendments.find(amendment=amendment, seen_by=by)
    with transaction.atomic():
        contract = amendments.contract(account=found.account, key=found.contract, seen_by=by, locked=True)
        row = models.Amendment.objects.select_for_update(of=("self",)).get(pk=amendment)
        if row.taken_back_at is not None:
            raise Conflict("It was taken back already.")
        _alone(row)
        models.Amendment.objects.filter(pk=row.pk).update(taken_back_at=at, taken_back_by_id=by.user_id)
        if row.successor and not row.told_again:
            _unchanged(row, models.Contract.objects.filter(key=row.successor).first())
            removals.remove_contracts(models.Contract, keys=[row.successor], by=by, at=at)
        elif row.was and not row.told_again:
            _unchanged(row, contract)
            told = {"key": contract.key, "account": found.account, "start_date": contract.start_date}
            _put({**told, **_read(row.was), "effective": row.terms_since or row.on}, by, at)
        gone = events.Taken(row.event_id, f"contract:{row.contract}")
        events.retract(taken=[gone], source=SOURCE, received_at=at)
        audit.record(
            by=by, at=at, deed="contract.take_back", subject=f"account:{found.account}", amendment=row.pk
        )
    return found.account


def _signed_at(day: date | None, at: datetime) -> datetime:
    return at if day is None or day == at.date() else start_of(day)


def _put(told: Mapping[str, Any], by: Scope, at: datetime) -> None:
    [verdict] = contracts.upsert(rows=[told], source=SOURCE, by=by, at=at, vouched=False)
    if verdict.outcome == "rejected":
        raise Invalid(verdict.reason)


def _event(
    row: models.Contract, planned: Planned, given: Given, successor: str, signed_at: datetime
) -> Event:
    """The fact: its value is the new ARR of a renewal, else by how much the ARR went up or down."""
    before, after = planned.before, planned.after
    moved = None if before is None or after is None else abs(after - before)
    value = after if planned.kind == "renewed" else moved
    told = {
        "contract": row.key, "successor": successor, "on": planned.on, "until": planned.until, "from": before,
        "to": after, "currency": planned.currency, "preventable": given.preventable,
        "products": list(given.products),
    }  # fmt: skip
    return Event(
        id=f"~contract:{row.key}:{planned.kind}:{uuid4().hex}",
        account=f"contract:{row.key}",
        name=f"contract.{planned.kind}",
        at=signed_at,
        feature=given.reason,
        value=None if value is None else float(value),
        props=msgspec.json.encode(
            {name: said for name, said in told.items() if said not in (None, "", [])}
        ).decode(),
        source=SOURCE,
    )


def _alone(row: models.Amendment) -> None:
    """Refuse to take back what something later stands on."""
    of = [row.contract, row.successor] if row.successor else [row.contract]
    later = models.Amendment.objects.filter(contract__in=of, pk__gt=row.pk, taken_back_at=None)
    if row.kind == "renewed":
        later = later.filter(contract=row.successor)
    if later.exists():
        raise Conflict("Something was agreed after it. Take that back first.")


def _unchanged(row: models.Amendment, contract: models.Contract | None) -> None:
    if contract is None or _written(contract, row.made) != row.made:
        raise Conflict("The contract was changed since. Change it in its own form.")


def _written(contract: models.Contract, names: Iterable[str]) -> dict[str, Any]:
    """Terms of a contract, fit for JSON."""
    return {name: _plain(getattr(contract, name)) for name in names if hasattr(contract, name)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(round(value, 2))
    return value.isoformat() if isinstance(value, date) else value


def _read(told: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Callable[[str], Any]] = {"arr": Decimal, "end_date": date.fromisoformat}
    return {
        name: read[name](value) if name in read and value is not None else value
        for name, value in told.items()
    }
