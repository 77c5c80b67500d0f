"""Put events into the outbox, each id once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from keepwell.ledger.event import Event, content_of, key_named, key_of


class Appended(NamedTuple):
    """What became of a list of events; the positions are those of the list."""

    stored: int
    duplicates: tuple[int, ...]
    conflicts: tuple[int, ...]


_COLUMNS = (
    "event_id, account, person, name, feature, kind, at, known_at, received_at, value, source, props, origin"
)


def append(*, events: Sequence[Event], received_at: datetime) -> Appended:
    """Store each event whose id is new; count repeats; name those that reuse an id for other content.

    Two round trips (keys, then COPY), three when an id was seen before. Keys are inserted in sorted order, so that
    concurrent batches that share ids cannot deadlock.
    """
    if not events:
        return Appended(0, (), ())
    keys = [key_of(event.id) for event in events]
    first: dict[str, int] = {}
    for position, key in enumerate(keys):
        first.setdefault(key, position)
    with transaction.atomic(savepoint=False):
        fresh = _claim({key: content_of(events[position]) for key, position in first.items()})
        _copy((events[first[key]] for key in fresh), received_at)
        repeated = [p for p, key in enumerate(keys) if key not in fresh or first[key] != p]
        known = _contents({keys[p] for p in repeated})
    conflicts = tuple(p for p in repeated if known[keys[p]] != content_of(events[p]))
    clashing = set(conflicts)
    return Appended(len(fresh), tuple(p for p in repeated if p not in clashing), conflicts)


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


def retract(
    *, ids: Iterable[str], account: str, source: str, received_at: datetime, person: str = ""
) -> None:
    """Take events back: they stop counting from now on, and still count for what was known before."""
    named = list(ids)
    if not named:
        return
    rows = [(key_named(event_id), received_at) for event_id in named]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_retraction (key, known_at) VALUES (%s, %s) ON CONFLICT DO NOTHING", rows
        )
    taken_back = [
        Event(
            id=f"~retract:{event_id}",
            name="event.retracted",
            at=received_at,
            source=source,
            account=account,
            person=person,
            feature=event_id,
        )
        for event_id in named
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


def _copy(events: Iterable[Event], received_at: datetime) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ledger_outboxevent ({_COLUMNS}) FROM STDIN") as copy,
    ):
        for e in events:
            known_at = e.known_at(received_at)
            copy.write_row(
                (
                    e.id,
                    e.account,
                    e.person,
                    e.name,
                    e.feature,
                    e.kind,
                    e.at,
                    known_at,
                    received_at,
                    e.value,
                    e.source,
                    e.props,
                    e.origin,
                )
            )
