"""Add to the counts of what arrived."""

from collections.abc import Iterable

from django.db import connection

from keepwell.ledger.arrivals import Arrived
from keepwell.ledger.models.arrivals import COUNTS

_ADDED = ", ".join(f"{name} = a.{name} + excluded.{name}" for name in COUNTS)
_UPSERT = (
    f"INSERT INTO ledger_arrivals AS a (source, day, {', '.join(COUNTS)}, hours, newest_at) "  # noqa: S608 - our own names
    "SELECT * FROM unnest(%s::text[], %s::date[], "
    f"{', '.join(['%s::bigint[]'] * len(COUNTS))}, %s::integer[], %s::timestamptz[]) "
    f"ON CONFLICT (source, day) DO UPDATE SET {_ADDED}, hours = a.hours | excluded.hours, "
    "newest_at = GREATEST(a.newest_at, excluded.newest_at)"
)


def add(*, rows: Iterable[Arrived]) -> None:
    """Add each row's counts to its source's day, in the caller's transaction: what is rolled back was not counted.

    At most one row a source and day. One query; in sorted order, so that concurrent callers cannot deadlock.
    """
    ordered = sorted(rows, key=lambda row: (row.source, row.day))
    if not ordered:
        return
    columns = [list(column) for column in zip(*ordered, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, columns)
