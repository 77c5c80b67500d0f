"""Hand the rows of a chunk to the ledger, each kind by its own door."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from django.db import DataError, transaction

from keepwell.access.scopes import Scope
from keepwell.intake import kinds
from keepwell.intake.actions import customs
from keepwell.intake.actions.repeats import Fresh
from keepwell.intake.kinds import stores
from keepwell.intake.rows import Row
from keepwell.kernel import errors, speech
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, contracts, events, hierarchy, rates
from keepwell.ledger.actions.upserts import Verdict
from keepwell.ledger.event import Event
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import erased

Outcome = Literal["created", "updated", "unchanged", "duplicate", "conflict", "rejected"]
Result = tuple[Outcome, str]

_encode = msgspec.json.Encoder(order="deterministic").encode
_log = logging.getLogger(__name__)
# What a value in a row can cause; anything else is no row's fault and fails the import.
ROW_FAILURES = (ValueError, ArithmeticError, DataError)
_ADVICE = "Look for a figure or a day that is far off."
_TERMS = ("arr", "currency", "renewal_date")


@dataclass(frozen=True)
class Deed:
    """Under whose name, from which source and when rows are written, and by which import."""

    source: str
    by: Scope
    at: datetime
    vouched: bool
    origin: int | None = None


def write(kind: str, rows: Sequence[Fresh], deed: Deed) -> list[Result]:
    """Write rows of a kind; gives the outcome of each with its reason.

    When the ledger fails on a row, halving finds it: it is rejected, and the others are stored.
    """
    if not rows:
        return []
    try:
        with transaction.atomic():
            return _written(kind, rows, deed)
    except ROW_FAILURES as failure:
        if len(rows) > 1:
            half = len(rows) // 2
            return write(kind, rows[:half], deed) + write(kind, rows[half:], deed)
        _log.warning("row %s of an import could not be stored", rows[0].row.number, exc_info=failure)
        return [("rejected", unstorable(failure))]


def unstorable(failure: Exception) -> str:
    """Why a row that the ledger failed on was not stored."""
    return speech.english(
        "it cannot be stored (%(name)s). %(advice)s", name=type(failure).__name__, advice=_ADVICE
    )


def _written(kind: str, rows: Sequence[Fresh], deed: Deed) -> list[Result]:
    if kind == "events":
        return _events(rows, deed)
    if kind == "accounts":
        return _accounts([fresh.row for fresh in rows], deed)
    if kind == "rates":
        told = [fresh.row.values for fresh in rows]
        return _said(rates.upsert(rows=told, source=deed.source, by=deed.by, at=deed.at))
    if kind == "parents":
        told = [fresh.row.values for fresh in rows]
        return _said(
            hierarchy.upsert(rows=told, source=deed.source, by=deed.by, at=deed.at, vouched=deed.vouched)
        )
    store = kinds.find(kind).store
    if store is None:
        raise errors.Invalid('"%(kind)s" are not kept as rows.', kind=kind)
    return _upserted(store.upsert, [_fact(fresh.row) for fresh in rows], deed, model=store.model)


def _upserted(
    upsert: stores.Upsert, rows: Sequence[dict[str, Any]], deed: Deed, *, model: type[KeyedFact]
) -> list[Result]:
    """Rows whose custom fields are as they were declared, upserted; the others refused."""
    good, refused = customs.sort(model, rows)
    verdicts = iter(upsert(rows=good, source=deed.source, by=deed.by, at=deed.at, vouched=deed.vouched))
    results: list[Result] = []
    for place in range(len(rows)):
        if place in refused:
            results.append(("rejected", refused[place]))
        else:
            verdict = next(verdicts)
            results.append((verdict.outcome, verdict.reason))
    return results


def _said(verdicts: Sequence[Verdict]) -> list[Result]:
    return [(verdict.outcome, verdict.reason) for verdict in verdicts]


def _fact(row: Row) -> dict[str, Any]:
    return row.values | {"fields": row.rest}


def _events(rows: Sequence[Fresh], deed: Deed) -> list[Result]:
    kept_out = erased.refusals([fresh.row.values for fresh in rows], "person")
    if kept_out:
        rest = iter(_events([fresh for i, fresh in enumerate(rows) if i not in kept_out], deed))
        return [("rejected", kept_out[i]) if i in kept_out else next(rest) for i in range(len(rows))]
    appended = events.append(
        events=[_event(fresh, deed) for fresh in rows], received_at=deed.at, origin=deed.origin
    )
    results: list[Result] = [("created", "")] * len(rows)
    for position in appended.duplicates:
        results[position] = ("duplicate", "")
    for position in appended.conflicts:
        results[position] = (
            "conflict",
            f'id "{rows[position].row.key}" was stored before with other content.',
        )
    return results


def _event(fresh: Fresh, deed: Deed) -> Event:
    row, values = fresh.row, fresh.row.values
    account, contract = values.get("account", ""), values.get("contract", "")
    props: dict[str, Any] = {column: cell for column, cell in row.rest.items() if cell is not None}
    if account and contract:
        props["contract"] = contract
    elif contract:
        account = f"contract:{contract}"
    own = row.key or (f"~{row.digest}.{fresh.nth}" if fresh.nth else f"~{row.digest}")
    return Event(
        id=f"{deed.source}:{own}",
        name=values["name"],
        at=values["at"],
        source=deed.source,
        account=account,
        person=values.get("person", ""),
        feature=values.get("feature", values["name"]),
        value=values.get("value"),
        props=_encode(props).decode(),
        vouched=deed.vouched,
    )


def _accounts(rows: Sequence[Row], deed: Deed) -> list[Result]:
    """Accounts, and for those whose row tells its terms the one contract "account:KEY"."""
    plain = [{k: v for k, v in row.values.items() if k not in _TERMS} | {"fields": row.rest} for row in rows]
    results = _upserted(accounts.upsert, plain, deed, model=models.Account)
    terms = [
        (place, _terms(row))
        for place, row in enumerate(rows)
        if _has_terms(row) and results[place][0] != "rejected"
    ]
    if not terms:
        return results
    told = [contract for _, contract in terms]
    written = contracts.upsert(rows=told, source=deed.source, by=deed.by, at=deed.at, vouched=deed.vouched)
    for (place, _), verdict in zip(terms, written, strict=True):
        if results[place][0] == "unchanged" and verdict.outcome != "unchanged":
            results[place] = ("updated", "")
    return results


def _has_terms(row: Row) -> bool:
    return row.values.get("arr") is not None or row.values.get("renewal_date") is not None


def _terms(row: Row) -> dict[str, Any]:
    values = row.values
    renewal: date | None = values.get("renewal_date")
    start: date | None = values.get("since") or (renewal and _a_year_before(renewal))
    terms = {"key": f"account:{row.key}", "account": row.key, "start_date": start, "end_date": renewal}
    return terms | {name: values[name] for name in ("arr", "currency") if values.get(name) is not None}


def _a_year_before(day: date) -> date:
    # A row without a first day: the term is taken to be the usual year. 29 February has no day a year before.
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
