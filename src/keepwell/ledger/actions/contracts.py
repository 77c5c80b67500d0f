"""Deeds on contracts."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, events
from keepwell.ledger.actions.upserts import Change, Row, Verdict, interleave, put, split_by_account
from keepwell.ledger.event import Event
from keepwell.ledger.queries import identity


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update contracts by `key` (account, product, arr, currency, seats, start_date, end_date, …).

    New terms of a known contract are a change from `at` on, not a correction of the past. Ten queries for any number
    of rows.
    """
    with transaction.atomic():
        known = identity.resolve(row["account"] for row in rows)
        good, refused = split_by_account(rows, known)
        verdicts, changes = put(models.Contract, good, source=source, says=lambda _: [])
        _link([change for change in changes if change.created], at)
        _tell(changes, source, at, vouched)
        touched = {change.row.account_id for change in changes}
        accounts.restate(on=at.date(), account_ids=list(touched))
        if changes:
            audit.record(by=by, at=at, deed="contract.upsert", subject=f"source:{source}", rows=len(changes))
    return interleave(refused, verdicts)


def _link(created: Sequence[Change], at: datetime) -> None:
    models.IdentityLink.objects.bulk_create(
        [
            models.IdentityLink(key=f"contract:{c.row.key}", account_id=c.row.account_id, linked_at=at)
            for c in {change.row.key: change for change in created}.values()
        ],
        ignore_conflicts=True,
    )


def _tell(changes: Sequence[Change], source: str, at: datetime, vouched: bool) -> None:
    keys = dict(
        models.Account.objects.filter(pk__in={c.row.account_id for c in changes}).values_list("pk", "key")
    )
    said = []
    for change in changes:
        contract, key = change.row, keys[change.row.account_id]
        if change.created:
            signed_at = contract.signed_at or start_of(contract.start_date)
            said.append(_event(contract, key, "contract.signed", min(signed_at, at), source, vouched))
        else:
            said.append(_event(contract, key, "contract.changed", at, source, vouched=False))
    events.append(events=said, received_at=at)


def _event(
    contract: models.Contract, account: str, name: str, at: datetime, source: str, vouched: bool
) -> Event:
    terms = {
        "contract": contract.key,
        "product": contract.product,
        "currency": contract.currency,
        "seats": contract.seats,
        "start_date": str(contract.start_date),
        "end_date": str(contract.end_date) if contract.end_date else None,
    }
    moment = "" if name == "contract.signed" else f":{at.isoformat()}"
    return Event(
        id=f"contract:{contract.key}:{name}{moment}",
        account=account,
        name=name,
        at=at,
        value=None if contract.arr is None else float(Decimal(contract.arr)),
        props=json.dumps(terms),
        source=source,
        vouched=vouched,
    )
