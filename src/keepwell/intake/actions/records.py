"""Deeds on single rows and on many rows at once, of any kind: what an API and a form do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from keepwell.access.scopes import Scope
from keepwell.intake import kinds, objects
from keepwell.intake.actions import writing
from keepwell.intake.actions.repeats import Fresh
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.kinds.stores import Store
from keepwell.intake.queries import records
from keepwell.intake.rows import Row
from keepwell.kernel import errors, figures, speech
from keepwell.ledger.event import digest_of
from keepwell.ledger.queries import records as ledger

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Verdict:
    """What became of one row."""

    key: str
    outcome: writing.Outcome
    reason: str = ""


def put(
    *,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    source: str,
    by: Scope,
    at: datetime,
    vouched: bool = False,
) -> list[Verdict]:
    """Create or update rows by key, the good ones although others are refused; a verdict each, in order.

    The same number of queries whatever the number of rows.
    """
    by.require("data.import")
    if len(rows) > MOST_ROWS:
        raise errors.Invalid(
            "%(n)s rows are more than the %(most_rows)s that one call takes.",
            n=figures.Whole(len(rows)),
            most_rows=figures.Whole(MOST_ROWS),
        )
    declared = kinds.find(kind)
    verdicts = [Verdict(_key_of(said), "rejected") for said in rows]
    understood: list[Row] = []
    for place, said in enumerate(rows):
        try:
            understood.append(objects.row(declared, said, number=place))
        except errors.Invalid as refusal:
            verdicts[place] = Verdict(verdicts[place].key, "rejected", refusal.english)
    deed = writing.Deed(source, by, at, vouched)
    with transaction.atomic():
        for row, (outcome, reason) in _written(declared, understood, deed):
            verdicts[row.number] = Verdict(row.key, outcome, reason)
    return verdicts


def _key_of(said: Mapping[str, Any]) -> str:
    key = said.get("key")
    return str(key)[:200] if isinstance(key, str | int) else ""


def _written(kind: ImportKind, rows: Sequence[Row], deed: writing.Deed) -> list[tuple[Row, writing.Result]]:
    """The rows in scope, handed to the ledger, and the others refused in the words for what does not exist."""
    hidden = _hidden(kind, rows, deed.by)
    good = [row for row in rows if row.number not in hidden]
    results = writing.write(kind.slug, [Fresh(row) for row in good], deed)
    refused = [(row, hidden[row.number]) for row in rows if row.number in hidden]
    return [*zip(good, results, strict=True), *refused]


def _hidden(kind: ImportKind, rows: Sequence[Row], by: Scope) -> dict[int, writing.Result]:
    """Rows that name what the asker may not see. Two queries; none for those who see everything."""
    if by.everything:
        return {}
    named = {row.values["account"] for row in rows if row.values.get("account")}
    unseen = named - records.seen_accounts(named, seen_by=by)
    taken = records.taken_elsewhere(kind, {row.key for row in rows}, seen_by=by)
    found: dict[int, writing.Result] = {}
    for row in rows:
        if row.values.get("account") in unseen:
            found[row.number] = ("rejected", f'account "{row.values["account"]}" is not known.')
        elif row.key in taken:
            found[row.number] = ("rejected", f'key "{row.key}" cannot be used here. Use another key.')
    return found


def create(
    *, kind: str, said: Mapping[str, Any], source: str, by: Scope, at: datetime, vouched: bool = False
) -> ledger.Record:
    """Make one row; without a key it gets one. `Conflict` when the key is in use."""
    declared = kinds.find(kind)
    by.require(declared.creating)
    own = {} if declared.identify else {"key": uuid4().hex}
    row = objects.row(declared, {**own, **_without_empty_key(said)}, number=0)
    store = _store(declared)
    with transaction.atomic():
        _alone(declared, row.key)
        if store.model._default_manager.filter(key=row.key).exists() and not _new_place(declared, row):
            raise errors.Conflict(
                'There is a %(singular)s "%(key)s" already. Change that one.',
                singular=declared.singular,
                key=row.key,
            )
        _one(declared, row, writing.Deed(source, by, at, vouched))
        return records.find(kind=declared.slug, key=row.key, seen_by=by)


def _without_empty_key(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {k: v for k, v in said.items() if k != "key" or v not in (None, "")}


def update(
    *, kind: str, key: str, said: Mapping[str, Any], source: str, by: Scope, at: datetime, account: str = ""
) -> ledger.Record:
    """Change one row; what is not said stays as it is. `NotFound` when there is none that the asker may see.

    Of a person in several accounts `account` says in which one.
    """
    by.require("work.do")
    declared = kinds.find(kind)
    with transaction.atomic():
        _alone(declared, key)
        stored = records.find(kind=declared.slug, key=key, seen_by=by, account=account)
        values, rest = objects.told(declared, said)
        if values.setdefault("key", key) != key:
            raise errors.Invalid(
                'key "%(values)s" is another one. A row keeps the key it was made with.', values=values["key"]
            )
        known = {name: value for name, value in stored.values.items() if value is not None}
        if reason := declared.check(known | values):
            raise errors.Invalid(speech.recalled(reason))
        if stored.account and declared.slug != "accounts":
            values.setdefault("account", stored.account)
        row = Row(0, key, _needed(declared, known, values) | values, rest, 0, "", [])
        _one(declared, row, writing.Deed(source, by, at, vouched=False))
        return records.find(kind=declared.slug, key=key, seen_by=by, account=account)


def _needed(kind: ImportKind, known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values without which what is told cannot be handed on."""
    needed = {field.slug for field in kind.fields if field.required}
    if not told.keys().isdisjoint(kind.together):
        needed.update(kind.together)
    return {name: value for name, value in known.items() if name in needed}


def remove(*, kind: str, key: str, by: Scope, at: datetime) -> None:
    """Take one row away with what it said; asked as known before, that still counts."""
    by.require("work.do")
    declared = kinds.find(kind)
    with transaction.atomic():
        records.find(kind=declared.slug, key=key, seen_by=by)
        _store(declared).remove(_store(declared).model, keys=[key], by=by, at=at)


def _one(kind: ImportKind, row: Row, deed: writing.Deed) -> None:
    _, (outcome, reason) = _written(kind, [row], deed)[0]
    if outcome == "rejected":
        raise errors.Invalid(speech.recalled(reason))


def _alone(kind: ImportKind, key: str) -> None:
    """Let nobody else make or change the row with this key before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [digest_of(f"{kind.slug}\x1f{key}".encode())])


def _new_place(kind: ImportKind, row: Row) -> bool:
    """A person who is known may be given a place in one more account."""
    return kind.slug == "people" and not records.has_place(row.key, row.values.get("account", ""))


def _store(kind: ImportKind) -> Store:
    if kind.store is None:
        raise errors.Invalid(
            "%(title)s are not kept as rows. Send them to the tracking API.", title=kind.title
        )
    return kind.store
