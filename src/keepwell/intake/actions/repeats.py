"""Rows of one file that repeat each other, told apart across chunks and across a crash."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from keepwell.intake.rows import Row


@dataclass(slots=True)
class _Met:
    content: int
    row: int
    times: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """A row to be stored: how many rows like it, without keys, came before; whether its key came before."""

    row: Row
    nth: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that reuses the key of an earlier row for other content."""

    row: Row
    first_row: int


@dataclass(frozen=True)
class Sorted:
    """The rows of a chunk by what is to be done with them."""

    fresh: list[Fresh]
    clashes: list[Clash]
    duplicates: int
    _met: dict[str, _Met]

    def remember(self, *, batch_id: int, rejected: Iterable[str]) -> None:
        """Note the keys of the chunk for the chunks to come, but for rows that were rejected. One query."""
        for digest in rejected:
            self._met.pop(digest, None)
        keys = sorted(self._met)
        met = [self._met[key] for key in keys]
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO intake_rowkey (batch_id, key, content, row, times) "
                "SELECT %s, * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::int[]) "
                "ON CONFLICT (batch_id, key) "
                "DO UPDATE SET content = excluded.content, row = excluded.row, times = excluded.times",
                [
                    batch_id,
                    _array(keys),
                    _array(m.content for m in met),
                    _array(m.row for m in met),
                    _array(m.times for m in met),
                ],
            )


def sort(rows: Sequence[Row], *, batch_id: int, ids_are_final: bool) -> Sorted:
    """Tell new rows from repeats. One query.

    Where ids are final (events) the first row of an id stands and another with other content is a clash; else
    the later row corrects the earlier one. Rows without a key are told by their content and each one counts.
    """
    met = _known([row.digest for row in rows], batch_id)
    fresh: list[Fresh] = []
    clashes: list[Clash] = []
    duplicates = 0
    for row in rows:
        seen = met.get(row.digest)
        if seen is None:
            met[row.digest] = _Met(row.content, row.number, 1)
            fresh.append(Fresh(row))
        elif not row.key:
            fresh.append(Fresh(row, nth=seen.times))
            seen.times += 1
        elif seen.content == row.content:
            duplicates += 1
        elif ids_are_final:
            clashes.append(Clash(row, seen.row))
        else:
            seen.content, seen.row = row.content, row.number
            fresh.append(Fresh(row, again=True))
    return Sorted(fresh, clashes, duplicates, met)


def _known(digests: Sequence[str], batch_id: int) -> dict[str, _Met]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT replace(key::text, '-', ''), content, row, times FROM intake_rowkey "
            "WHERE batch_id = %s AND key = ANY(%s::uuid[])",
            [batch_id, _array(digests)],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {key: _Met(content, row, times) for key, content, row, times in rows}


def _array(items: Iterable[str | int]) -> str:
    # Digests and numbers need no quoting; psycopg would look at each of them for that.
    return "{" + ",".join(map(str, items)) + "}"
