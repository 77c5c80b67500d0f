"""Take events back when their source cannot: one by its id, or all that one import brought."""

from datetime import datetime

import polars as pl
from django.db import connection, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import lake
from keepwell.ledger.actions import events
from keepwell.ledger.catalogue import REWRITES_PAST
from keepwell.ledger.event import Event, key_named

IDS_AT_ONCE = 100_000


def take_back(*, event_id: str, by: Scope, at: datetime) -> None:
    """The event stops counting from now on, and still counts for what was known before. Reads the lake's ids once."""
    by.require("data.import")
    key = bytes.fromhex(key_named(event_id))
    told = lake.scan().filter(pl.col("id") == key)
    found = told.select("account", "person", "source", "kind", "name", "at").collect()
    if found.is_empty():
        raise errors.NotFound(
            'The lake holds no event "%(event_id)s". An id begins with its source, as in my-app:123.',
            event_id=event_id,
        )
    account, person, source, kind, name, at_first = found.row(0)
    with transaction.atomic():
        taken = events.Taken(event_id, account, person, kind, None if name in REWRITES_PAST else at_first)
        events.retract(taken=[taken], source=source, received_at=at)
        audit.record(by=by, at=at, deed="event.retract", subject=f"event:{event_id}")


def take_back_origin(*, origin: int, source: str, at: datetime) -> int:
    """All events of one import stop counting from now on, and still count for what was known before.

    Tells the ledger of each account and person concerned, so that their numbers are computed anew; gives how many. Events
    of the import that still wait in the outbox do not count either once they arrive. Reads the lake's origins once. The
    caller audits what it undid.
    """
    brought = lake.scan().filter(pl.col("origin") == origin)
    rewrites = pl.col("name").is_in(REWRITES_PAST).any()
    first = pl.when(~rewrites).then(pl.col("at").min())
    concerned = (
        brought.group_by("account", "person").agg(first.alias("first")).sort("account", "person").collect()
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_originretraction (origin, known_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [origin, at],
            )
        said = [
            _undone(origin, source, account, person, first_at, at)
            for account, person, first_at in concerned.iter_rows()
        ]
        events.append(events=said, received_at=at)
    return len(said)


def _undone(
    origin: int, source: str, account: str, person: str, first: datetime | None, at: datetime
) -> Event:
    return Event(
        id=f"~retract-origin:{origin}:{account}:{person}",
        name="event.retracted",
        at=at,
        source=source,
        account=account,
        person=person,
        feature=f"origin:{origin}",
        value=None if first is None else first.timestamp(),
    )


def free_ids(*, origin: int) -> int:
    """Let the ids of an import's events be used again, once they were all taken back; gives how many. Reads the lake's
    origins once, a hundred thousand ids at a time."""
    freed = 0
    ids = lake.scan().filter(pl.col("origin") == origin).select("id").collect()["id"]
    for begin in range(0, len(ids), IDS_AT_ONCE):
        keys = [key.hex() for key in ids[begin : begin + IDS_AT_ONCE]]
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM ledger_eventkey WHERE key = ANY(%s::uuid[])", ["{" + ",".join(keys) + "}"]
            )
            freed += cursor.rowcount
    return freed
