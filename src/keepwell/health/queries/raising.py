"""What would raise an account's score most, with signs of what is within reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from keepwell.health import words
from keepwell.health.formulas import raising
from keepwell.health.formulas.raising import Raise
from keepwell.health.queries import seen
from keepwell.health.queries.seen import Today


@dataclass(frozen=True)
class RaiseView:
    """An input at a better band: by how much the score would rise, and signs that this is within reach.

    `others` is the share (%) of the accounts with a value that are there now, `was_there_on` the last stored day on which
    this account was.
    """

    found: Raise
    target: str
    others: float | None
    was_there_on: date | None


_REACHED = """
    WITH asked AS (
        SELECT * FROM unnest(%s::int[], %s::text[], %s::float8[], %s::bool[], %s::bool[])
            AS a (place, metric, figure, upward, inclusive)
    ), told AS (
        SELECT a.*, v.value, v.as_of, FALSE AS own
        FROM asked a JOIN metrics_metricvalue v ON v.metric = a.metric AND v.as_of = %s
        UNION ALL
        SELECT a.*, v.value, v.as_of, TRUE
        FROM asked a JOIN metrics_metricvalue v ON v.metric = a.metric AND v.account_id = %s
    ), judged AS (
        SELECT place, as_of, own, CASE WHEN upward THEN value > figure OR (inclusive AND value = figure)
            ELSE value < figure OR (inclusive AND value = figure) END AS reached
        FROM told WHERE value IS NOT NULL
    )
    SELECT place, count(*) FILTER (WHERE NOT own), count(*) FILTER (WHERE NOT own AND reached),
        max(as_of) FILTER (WHERE own AND reached)
    FROM judged GROUP BY place
"""


def most(today: Today | None, *, limit: int = 6) -> tuple[RaiseView, ...]:
    """What would raise the current score most, each input once at its next band. One query."""
    version = None if today is None else seen.judge(today.seen, today.day, today.versions)
    if today is None or version is None:
        return ()
    found = _next_bands(raising.raises(seen.sight(today.seen, today.day, version)))[:limit]
    asked = [
        list(range(len(found))),
        *([getattr(one, name) for one in found] for name in ("metric", "figure", "upward", "inclusive")),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [*asked, today.day, today.account_id])
        rows = {place: signs for place, *signs in cursor.fetchall()}
    return tuple(_with_signs(one, *rows.get(place, (0, 0, None))) for place, one in enumerate(found))


def _with_signs(found: Raise, known: int, there: int, been: date | None) -> RaiseView:
    return RaiseView(found, _target(found), 100.0 * there / known if known else None, been)


def _next_bands(found: Sequence[Raise]) -> list[Raise]:
    """Of each input the nearest band that raises the score; by gain."""
    nearest: dict[str, Raise] = {}
    for one in sorted(found, key=lambda one: one.gain):
        nearest.setdefault(one.measure, one)
    return sorted(nearest.values(), key=lambda one: (-one.gain, one.measure))


def _target(one: Raise) -> str:
    sides: dict[tuple[bool, bool], str] = {
        (True, True): "from", (True, False): "above", (False, True): "up to", (False, False): "under",
    }  # fmt: skip
    return f"{sides[one.upward, one.inclusive]} {words.amount(one.figure, one.unit)}"
