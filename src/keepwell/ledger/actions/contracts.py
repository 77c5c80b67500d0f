"""Deeds on contracts."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, events, links, renewals, terms
from keepwell.ledger.actions.upserts import Change, Row, Verdict, homes, interleave, put, split_by_account
from keepwell.ledger.event import Event
from keepwell.ledger.queries import identity


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update contracts by `key` (account, product, arr, currency, seats, start_date, end_date, …).

    New terms of a known contract hold from the day that `effective` tells; else a renewal from its start, other terms from
    `at` on. What was told of that day or later is taken back. A contract's events name the contract, so that they follow
    it when it turns out to belong to another account. A renewal that was entered by hand and is told again counts once.
    Sixteen queries for any number of rows.
    """
    with transaction.atomic():
        known = identity.resolve(row["account"] for row in rows)
        good, refused = split_by_account(rows, known)
        good, refused = _without_future(good, refused, at)
        effective = [(row["key"], row["effective"]) for row in good if row.get("effective")]
        tellings = terms.Tellings(effective, at)
        plain = [{name: value for name, value in row.items() if name != "effective"} for row in good]
        verdicts, changes = put(
            models.Contract, plain, source=source, says=lambda _: [], amends=tellings.amended
        )
        _link(changes, at)
        _tell(changes, tellings, source, at, vouched)
        moved = homes([change for change in changes if change.left is not None])
        links.announce(account_ids=sorted(moved), source=source, at=at, why="contracts")
        accounts.restate(on=at.date(), account_ids=sorted(homes(changes)))
        if changes:
            renewals.recognise(told=[change.row for change in changes], by=by, at=at)
            audit.record(by=by, at=at, deed="contract.upsert", subject=f"source:{source}", rows=len(changes))
    return interleave(refused, verdicts)


def _without_future(
    rows: Sequence[Row], refused: dict[int, Verdict], at: datetime
) -> tuple[list[Row], dict[int, Verdict]]:
    """Rows whose terms hold by now; those of a day to come are refused."""
    places = [place for place in range(len(rows) + len(refused)) if place not in refused]
    late = {
        place: Verdict(
            "rejected",
            speech.english("effective %(row)s is still to come: tell it on the day.", row=row["effective"]),
        )
        for place, row in zip(places, rows, strict=True)
        if row.get("effective") and row["effective"] > at.date()
    }
    kept = [row for place, row in zip(places, rows, strict=True) if place not in late]
    return kept, refused | late


def _link(changes: Sequence[Change], at: datetime) -> None:
    """Let the contract's key mean its account, also for whatever else names the contract."""
    owners = {change.row.key: change.row.account_id for change in changes if change.created or change.left}
    links.put(
        accounts={f"contract:{key}": pk for key, pk in owners.items()},
        reason="contract",
        at=at,
        always=True,
    )


def _tell(
    changes: Sequence[Change], tellings: terms.Tellings, source: str, at: datetime, vouched: bool
) -> None:
    """Append what changed contracts say, and note it with each, so that a contract that is removed can take it back."""
    said: list[Event] = []
    gone: list[events.Taken] = []
    for change in changes:
        contract, anew = change.row, change.row.key in tellings.anew
        if not (change.created or contract.key in tellings.changed):
            continue
        event = _event(change, tellings, source, at, vouched and not anew)
        if not change.created:
            home = f"contract:{contract.key}"
            gone += [events.Taken(event_id, home) for event_id in tellings.replaced(contract)]
        contract.event_ids[f"{event.name}:{event.at.isoformat()}"] = event.id
        said.append(event)
    events.retract(taken=gone, source=source, received_at=at)
    noted = {change.row.key: json.dumps(change.row.event_ids) for change in changes}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_contract SET event_ids = noted.ids::jsonb "
            "FROM unnest(%s::text[], %s::text[]) AS noted (key, ids) WHERE ledger_contract.key = noted.key",
            [list(noted), list(noted.values())],
        )
    events.append(events=said, received_at=at)


def _event(change: Change, tellings: terms.Tellings, source: str, at: datetime, vouched: bool) -> Event:
    contract = change.row
    anew = contract.key in tellings.anew
    if not (change.created or anew):
        since = tellings.moment(contract)
        return _said(
            contract, f"{terms.CHANGED}:{at.isoformat()}", terms.CHANGED, since, source, vouched=False
        )
    signed_at = min(contract.signed_at or start_of(contract.start_date), at)
    again = f":{contract.revision}" if contract.revision else ""
    again += f":{at.isoformat()}" if anew else ""
    return _said(contract, f"{terms.SIGNED}{again}", terms.SIGNED, signed_at, source, vouched)


def _said(
    contract: models.Contract, suffix: str, name: str, at: datetime, source: str, vouched: bool
) -> Event:
    told = {
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
        props=json.dumps(told),
        source=source,
        vouched=vouched,
    )
