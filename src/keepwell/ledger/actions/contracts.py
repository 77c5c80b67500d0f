"""Deeds on contracts."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, events, links
from keepwell.ledger.actions.upserts import Change, Row, Verdict, homes, interleave, put, split_by_account
from keepwell.ledger.event import Event
from keepwell.ledger.queries import identity


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update contracts by `key` (account, product, arr, currency, seats, start_date, end_date, …).

    New terms of a known contract are a change from `at` on, not a correction of the past. A contract's events name the
    contract, so that they follow it when it turns out to belong to another account. Ten queries for any number of rows.
    """
    with transaction.atomic():
        known = identity.resolve(row["account"] for row in rows)
        good, refused = split_by_account(rows, known)
        verdicts, changes = put(models.Contract, good, source=source, says=lambda _: [])
        _link(changes, at)
        _tell(changes, source, at, vouched)
        moved = homes([change for change in changes if change.left is not None])
        links.announce(account_ids=sorted(moved), source=source, at=at, why="contracts")
        accounts.restate(on=at.date(), account_ids=sorted(homes(changes)))
        if changes:
            audit.record(by=by, at=at, deed="contract.upsert", subject=f"source:{source}", rows=len(changes))
    return interleave(refused, verdicts)


def _link(changes: Sequence[Change], at: datetime) -> None:
    """Let the contract's key mean its account, also for whatever else names the contract."""
    owners = {change.row.key: change.row.account_id for change in changes if change.created or change.left}
    links.put(
        accounts={f"contract:{key}": pk for key, pk in owners.items()},
        reason="contract",
        at=at,
        always=True,
    )


def _tell(changes: Sequence[Change], source: str, at: datetime, vouched: bool) -> None:
    """Append what changed contracts say, and note it with each, so that a contract that is removed can take it back."""
    said = [_event(change, source, at, vouched) for change in changes]
    for change, event in zip(changes, said, strict=True):
        change.row.event_ids[event.name if change.created else f"{event.name}:{at.isoformat()}"] = event.id
    noted = {change.row.key: json.dumps(change.row.event_ids) for change in changes}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_contract SET event_ids = noted.ids::jsonb "
            "FROM unnest(%s::text[], %s::text[]) AS noted (key, ids) WHERE ledger_contract.key = noted.key",
            [list(noted), list(noted.values())],
        )
    events.append(events=said, received_at=at)


def _event(change: Change, source: str, at: datetime, vouched: bool) -> Event:
    contract = change.row
    if not change.created:
        return _said(
            contract, f"contract.changed:{at.isoformat()}", "contract.changed", at, source, vouched=False
        )
    signed_at = min(contract.signed_at or start_of(contract.start_date), at)
    again = f":{contract.revision}" if contract.revision else ""
    return _said(contract, f"contract.signed{again}", "contract.signed", signed_at, source, vouched)


def _said(
    contract: models.Contract, suffix: str, name: str, at: datetime, source: str, vouched: bool
) -> Event:
    terms = {
        "contract": contract.key,
        "product": contract.product,
        "currency": contract.currency,
        "products": contract.products,
        "seats": contract.seats,
        "limits": contract.limits,
        "start_date": str(contract.start_date),
        "end_date": str(contract.end_date) if contract.end_date else None,
        "notice_days": contract.notice_days,
        "auto_renew": contract.auto_renew,
        "term_months": contract.term_months,
    }
    return Event(
        id=f"~contract:{contract.key}:{suffix}",
        account=f"contract:{contract.key}",
        name=name,
        at=at,
        value=None if contract.arr is None else float(Decimal(contract.arr)),
        props=json.dumps(terms),
        source=source,
        vouched=vouched,
    )
