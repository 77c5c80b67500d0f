"""Find, in bulk, which events of a relay batch were there before."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from keepwell.ledger import models
from keepwell.ledger.actions import arrivals
from keepwell.ledger.arrivals import Arrived
from keepwell.ledger.event import key_of
from keepwell.ledger.parcels import Columns

_CLAIM = """
    WITH given AS MATERIALIZED (SELECT * FROM unnest(%s::uuid[], %s::bigint[]) AS g (key, content)),
         fresh AS (INSERT INTO ledger_eventkey (key, content) SELECT * FROM given ON CONFLICT DO NOTHING RETURNING key)
    SELECT key FROM given EXCEPT SELECT key FROM fresh
"""
_CONTENTS = "SELECT replace(key::text, '-', ''), content FROM ledger_eventkey WHERE key = ANY(%s)"
MOST_CLASHES = 200


class Clashed(NamedTuple):
    """A tracked event that reused an id for other content, as the relay found it.

    Of very many in one batch `MOST_CLASHES` of a source are kept, and one that says only how many `more` there were.
    """

    source: str
    event_id: str
    said: dict[str, Any]
    received_at: datetime
    more: int


def take_clashes() -> list[Clashed]:
    """Take all clashes out of the ledger; the caller keeps them in the same transaction. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ledger_clash RETURNING source, event_id, said::text, received_at, more, id"
        )
        rows = sorted(cursor.fetchall(), key=lambda row: row[-1])
    return [Clashed(source, key, json.loads(said), at, more) for source, key, said, at, more, _ in rows]


def settle(columns: Columns, *, received: Sequence[datetime], claimed: Sequence[bool]) -> list[int]:
    """Claim the ids of the events that are not claimed yet; gives the places of those that were there before.

    Repeats are counted, clashes kept (what reuses an id for other content). In the caller's transaction, so that the
    verdict stands or falls with the batch. One query; one more for repeats, one for clashes.
    """
    first: dict[str, int] = {}
    repeats: list[tuple[int, str]] = []
    for place, event_id in enumerate(columns.id):
        if claimed[place]:
            continue
        key = key_of(event_id)
        if first.setdefault(key, place) != place:
            repeats.append((place, key))
    known = _claim({key: columns.content[place] for key, place in first.items()})
    repeats += [(first[key], key) for key in known]
    contents = {key: known.get(key, columns.content[first[key]]) for _, key in repeats}
    clashes = [place for place, key in repeats if columns.content[place] != contents[key]]
    _keep(sorted(clashes), columns, received)
    if repeats:
        _count([place for place, _ in repeats], set(clashes), columns, received)
    return sorted(place for place, _ in repeats)


def _count(repeats: Sequence[int], clashes: set[int], columns: Columns, received: Sequence[datetime]) -> None:
    days: list[tuple[str, date, bool]] = [
        (columns.source[place], received[place].date(), place in clashes) for place in repeats
    ]
    counted = Counter(days)
    arrivals.add(
        rows=[
            Arrived(source, day, duplicates=counted[source, day, False], conflicts=counted[source, day, True])
            for source, day in {(source, day) for source, day, _ in days}
        ]
    )


def _claim(contents: dict[str, int]) -> dict[str, int]:
    """Claim keys in sorted order; gives those that were claimed before, each with the content it was claimed for."""
    if not contents:
        return {}
    keys = sorted(contents)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [_array(keys), _array([contents[key] for key in keys])])
        taken = [row[0] for row in cursor.fetchall()]
        if not taken:
            return {}
        # A statement of its own: it also sees what was committed while the first one waited for it.
        cursor.execute(_CONTENTS, [taken])
        return dict(cursor.fetchall())


def _array(items: Sequence[Any]) -> str:
    # Digests and numbers need no quoting; psycopg would look at each of them for that.
    return "{" + ",".join(map(str, items)) + "}"


def _keep(clashes: Sequence[int], columns: Columns, received: Sequence[datetime]) -> None:
    by_source: dict[str, list[int]] = defaultdict(list)
    for place in clashes:
        by_source[columns.source[place]].append(place)
    kept = [_clash(columns, p, received[p]) for places in by_source.values() for p in places[:MOST_CLASHES]]
    for source, places in by_source.items():
        more, last = len(places) - MOST_CLASHES, received[places[-1]]
        if more > 0:
            kept.append(models.Clash(source=source, event_id="", said={}, more=more, received_at=last))
    models.Clash.objects.bulk_create(kept)


def _clash(columns: Columns, place: int, received_at: datetime) -> models.Clash:
    names = ("name", "account", "person", "feature", "props")
    said = {name: getattr(columns, name)[place] for name in names}
    return models.Clash(
        source=columns.source[place],
        event_id=columns.id[place],
        said=said | {"at": columns.at[place].isoformat()},
        received_at=received_at,
    )
