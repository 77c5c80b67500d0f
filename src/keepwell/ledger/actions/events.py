"""Put events into the outbox: facts and imports each id once, tracked events as they come (the relay sees to it)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connection, transaction

from keepwell.ledger import models, parcels
from keepwell.ledger.actions import together, waking
from keepwell.ledger.event import Event, content_of, key_named, key_of


class Appended(NamedTuple):
    """What became of a list of events; the positions are those of the list."""

    stored: int
    duplicates: tuple[int, ...]
    conflicts: tuple[int, ...]


_ROW = "(%s, %s, %s, %s)"
_INSERT = "WITH s AS (INSERT INTO ledger_parcel (events, claimed, received_at, payload) VALUES {rows}) SELECT {wake}"
MOST_TOGETHER = 100


def append(*, events: Sequence[Event], received_at: datetime, origin: int | None = None) -> Appended:
    """Store each event whose id is new; count repeats; name those that reuse an id for other content.

    Two round trips (keys, then the parcel), three when an id was seen before. Keys are inserted in sorted order, so that
    concurrent batches that share ids cannot deadlock. `origin` is the number of the import that brings them.
    """
    if not events:
        return Appended(0, (), ())
    keys = [key_of(event.id) for event in events]
    first: dict[str, int] = {}
    for position, key in enumerate(keys):
        first.setdefault(key, position)
    with transaction.atomic(savepoint=False):
        fresh = _claim({key: content_of(events[position]) for key, position in first.items()})
        if fresh:
            new = parcels.of(
                (events[at] for key, at in first.items() if key in fresh), received_at=received_at
            )
            if origin is not None:
                new.origin = [origin] * len(new)
            _insert([_row(new, claimed=True)])
        repeated = [p for p, key in enumerate(keys) if key not in fresh or first[key] != p]
        known = _contents({keys[p] for p in repeated})
    conflicts = tuple(p for p in repeated if known[keys[p]] != content_of(events[p]))
    clashing = set(conflicts)
    return Appended(len(fresh), tuple(p for p in repeated if p not in clashing), conflicts)


def track(*, columns: parcels.Columns) -> None:
    """Store tracked events as they came; one statement. Durable when this returns, or when the caller's transaction is.

    Outside of a transaction what several threads bring at once shares one commit. Ids are not looked at: the relay drops
    those that were there before, counts them, and keeps what clashes.
    """
    if not len(columns):
        return
    if connection.in_atomic_block:
        _insert([_row(columns, claimed=False)])
    else:
        _together.put(_row(columns, claimed=False))


def unseen(*, events: Sequence[Event]) -> Appended:
    """What `append` would answer, with nothing written."""
    first: dict[str, int] = {}
    known = _contents({key_of(event.id) for event in events})
    duplicates: list[int] = []
    conflicts: list[int] = []
    for position, event in enumerate(events):
        key, content = key_of(event.id), content_of(event)
        if key not in known:
            known[key] = content
            first[key] = position
        elif known[key] == content:
            duplicates.append(position)
        else:
            conflicts.append(position)
    return Appended(len(first), tuple(duplicates), tuple(conflicts))


def claim(*, contents: Mapping[str, int]) -> None:
    """Note ids that say no event of their own (a person was described), with a digest of what was said with them.

    From then on `unseen` and `append` know a repeat. One query.
    """
    if contents:
        _claim({key_of(event_id): content for event_id, content in contents.items()})


class Taken(NamedTuple):
    """An event to take back, and whose it was; `at` is when it had happened, if it concerns no day before.

    Whoever states its `kind` states that it stands under `account` in the lake. Our own ids are those of facts.
    """

    event_id: str
    account: str
    person: str = ""
    kind: str | None = None
    at: datetime | None = None

    def row(self, known_at: datetime) -> models.Retraction:
        """What is kept of it."""
        kind = "fact" if self.event_id.startswith("~") else self.kind
        account = self.account if self.kind else self.kind
        return models.Retraction(
            key=key_named(self.event_id), known_at=known_at, kind=kind, account=account, at=self.at
        )


def retract(*, taken: Sequence[Taken], source: str, received_at: datetime) -> None:
    """Take events back: they stop counting from now on, and still count for what was known before. Three queries."""
    if not taken:
        return
    rows = {row.key: row for row in (each.row(received_at) for each in taken)}
    models.Retraction.objects.bulk_create(
        [rows[key] for key in sorted(rows)], ignore_conflicts=True, batch_size=5000
    )
    taken_back = [
        Event(
            id=f"~retract:{each.event_id}",
            name="event.retracted",
            at=received_at,
            source=source,
            account=each.account,
            person=each.person,
            feature=each.event_id,
            value=None if each.at is None else each.at.timestamp(),
        )
        for each in taken
    ]
    append(events=taken_back, received_at=received_at)


def _claim(contents: dict[str, int]) -> set[str]:
    keys = sorted(contents)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_eventkey (key, content) SELECT * FROM unnest(%s::uuid[], %s::bigint[]) "
            "ON CONFLICT DO NOTHING RETURNING replace(key::text, '-', '')",
            [_array(keys), _array(contents[key] for key in keys)],
        )
        return {row[0] for row in cursor.fetchall()}


def _contents(keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT replace(key::text, '-', ''), content FROM ledger_eventkey WHERE key = ANY(%s::uuid[])",
            [_array(keys)],
        )
        return dict(cursor.fetchall())


def _array(items: Iterable[Any]) -> str:
    return "{" + ",".join(map(str, items)) + "}"


_Row = tuple[int, bool, datetime, bytes]


def _row(columns: parcels.Columns, *, claimed: bool) -> _Row:
    return len(columns), claimed, columns.received_at, parcels.packed(columns)


def _insert(rows: Sequence[_Row]) -> None:
    # The payload goes over the wire as bytes; Django's own cursor would write it as text.
    said = _INSERT.format(rows=", ".join([_ROW] * len(rows)), wake=waking.WAKE)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(said, [value for row in rows for value in row])


_together = together.Together(_insert, most=MOST_TOGETHER)
