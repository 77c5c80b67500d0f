"""Segments side by side: what their present members are worth, how healthy they were, what renews, who stayed.

All of it from stored paths, memberships and values; what the asker may not see is in no figure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.formulas import portfolio
from keepwell.health.queries import cards
from keepwell.kernel.calendars import FiscalYear
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.queries import rates
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import catalogue
from keepwell.segments.queries import segments
from keepwell.segments.queries.segments import SegmentView

FEWEST, MOST, MOST_MEASURES, USUAL = 2, 4, 8, 5
_JOINED = """
    FROM segments_segment s JOIN segments_membership m ON m.segment_id = s.id AND m.state = 'member'
    JOIN health_path p ON p.account_id = m.account_id AND (%(everything)s OR p.owners && %(owners)s::bigint[])
"""
_WHERE = "WHERE s.slug = ANY(%(slugs)s) AND s.retired_at IS NULL"
_NOW = f"{_WHERE} AND m.until IS NULL AND right(p.bands, 1) <> ALL(%(absent)s)"
_BANDS = f"SELECT s.slug, p.bands, count(*) {_JOINED} {_NOW} GROUP BY 1, 2"
_WORTH = f"""
    SELECT s.slug, right(p.bands, 1), date_trunc('month', p.renews)::date, count(*), sum(p.arrs[%(last)s]),
        count(*) FILTER (WHERE p.arrs[%(last)s] IS NULL)
    {_JOINED} {_NOW} GROUP BY 1, 2, 3
"""
_STAYED = f"""
    SELECT slug, count(*), count(*) FILTER (WHERE gone), sum(began), sum(least(began, now)), sum(now)
    FROM (
        SELECT s.slug, right(p.bands, 1) = %(left)s AS gone, p.arrs[1] AS began,
            CASE WHEN p.arrs[1] IS NULL THEN NULL WHEN right(p.bands, 1) = %(left)s THEN 0
                ELSE coalesce(p.arrs[%(last)s], 0) END AS now
        {_JOINED} {_WHERE} AND m.since <= %(since)s AND (m.until IS NULL OR m.until > %(since)s)
        AND left(p.bands, 1) <> ALL(%(absent)s)
    ) AS held GROUP BY 1
"""  # noqa: S608
_SPREADS = f"""
    SELECT s.slug, v.metric, count(v.value),
        percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY v.value)
    {_JOINED} JOIN metrics_metricvalue v ON v.account_id = m.account_id AND v.as_of = %(as_of)s
        AND v.metric = ANY(%(metrics)s) AND v.value IS NOT NULL
    {_NOW} GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Held:
    """So many accounts, and what those of them are worth whose worth is known; `unpriced` are the others."""

    accounts: int
    arr: Money | None
    unpriced: int


@dataclass(frozen=True)
class Stayed:
    """Of those who were in it when the half year began: how many there were, how many have left, what was kept of their ARR.

    `kept` is the share that did not shrink (GRR), `grown` counts what was added too (NRR); None where no ARR was known.
    """

    since: date
    accounts: int
    left: int
    arr: Money | None
    kept: float | None
    grown: float | None


@dataclass(frozen=True)
class Measured:
    """A measure of a segment's members: how many are known, and their 10, 25, 50, 75 and 90 % points, small to large."""

    known: int
    spread: tuple[float, ...]


@dataclass(frozen=True)
class Side:
    """One segment. `bands`: by day and band, how many of today's members; `worth` by band now; `renewals` by the first day of a
    quarter of the fiscal year.
    """

    segment: SegmentView
    present: Held
    bands: Mapping[date, Mapping[str, int]]
    worth: Mapping[str, Held]
    renewals: Mapping[date | None, Held]
    stayed: Stayed
    measures: Mapping[str, Measured]


@dataclass(frozen=True)
class Beside:
    """Segments beside each other on a day, by the measures asked for; `as_of` None: nothing is computed yet."""

    as_of: date | None
    days: tuple[date, ...]
    metrics: tuple[Metric, ...]
    sides: tuple[Side, ...]
    fiscal_year: FiscalYear


def usual_measures() -> tuple[str, ...]:
    """What is compared when nobody chose: the first measures by which the cards in force judge."""
    versions = (version for span in cards.spans()[-1:] for version in span.versions)
    return tuple(dict.fromkeys(part.metric.slug for version in versions for part in version.card.parts))[
        :USUAL
    ]


def of(slugs: Sequence[str], *, seen_by: Scope, measures: Sequence[str] = ()) -> Beside:
    """Two to four segments beside each other. Five queries beyond those that find the segments and the measures."""
    chosen = tuple(dict.fromkeys(slugs))
    if not FEWEST <= len(chosen) <= MOST:
        raise Invalid(
            "%(fewest)s to %(most)s segments stand side by side; %(n)s were asked for.",
            fewest=FEWEST,
            most=MOST,
            n=len(chosen),
        )
    asked = tuple(dict.fromkeys(measures)) or usual_measures()
    if len(asked) > MOST_MEASURES:
        raise Invalid(
            "At most %(most_measures)s measures stand side by side; %(n)s were asked for.",
            most_measures=MOST_MEASURES,
            n=len(asked),
        )
    metrics = catalogue.some(asked)
    found = segments.some(slugs=chosen, seen_by=seen_by)
    year = decisions.company().fiscal_year
    as_of = models.PathExtent.objects.values_list("as_of", flat=True).first()
    if as_of is None:
        return Beside(None, (), metrics, (), year)
    days = tuple(portfolio.days(as_of))
    given = {
        "slugs": list(chosen),
        "everything": seen_by.everything,
        "owners": sorted(seen_by.owner_ids),
        "absent": [portfolio.ABSENT, portfolio.LEFT],
        "left": portfolio.LEFT,
        "last": len(days),
        "as_of": as_of,
        "since": days[0],
        "metrics": [metric.slug for metric in metrics],
    }
    bands, worth, stayed, spreads = (_asked(text, given) for text in (_BANDS, _WORTH, _STAYED, _SPREADS))
    currency = rates.reporting()
    sides = (
        Side(
            view,
            _sum(worth[view.slug], currency),
            _by_day(bands[view.slug], days),
            _grouped(worth[view.slug], lambda row: portfolio.WORDS[row[0]], currency),
            _grouped(worth[view.slug], lambda row: row[1] and year.begins(row[1]), currency),
            _stayed(stayed[view.slug], days[0], currency),
            {metric: Measured(known, tuple(spread)) for metric, known, spread in spreads[view.slug]},
        )
        for view in found
    )
    return Beside(as_of, days, metrics, tuple(sides), year)


def _asked(statement: str, given: Mapping[str, Any]) -> Mapping[str, list[tuple[Any, ...]]]:
    """The rows of an answer by their segment."""
    found: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        for slug, *row in cursor.fetchall():
            found[slug].append(tuple(row))
    return found


def _by_day(rows: Iterable[tuple[Any, ...]], days: Sequence[date]) -> dict[date, dict[str, int]]:
    told: dict[date, dict[str, int]] = {day: {} for day in days}
    for letters, count in rows:
        for day, letter in zip(days, letters, strict=True):
            if letter in portfolio.WORDS:
                band = portfolio.WORDS[letter]
                told[day][band] = told[day].get(band, 0) + count
    return told


def _grouped(
    rows: Sequence[tuple[Any, ...]], of: Callable[[tuple[Any, ...]], Any], currency: str
) -> dict[Any, Held]:
    """The sums by what a row is `of`: its band, or the quarter of its renewal."""
    names = dict.fromkeys(of(row) for row in rows)
    return {name: _sum([row for row in rows if of(row) == name], currency) for name in names}


def _sum(rows: Sequence[tuple[Any, ...]], currency: str) -> Held:
    accounts = sum(row[2] for row in rows)
    unpriced = sum(row[4] for row in rows)
    return Held(
        accounts, _money(sum(row[3] or 0.0 for row in rows), currency, known=accounts - unpriced), unpriced
    )


def _stayed(rows: Sequence[tuple[Any, ...]], since: date, currency: str) -> Stayed:
    if not rows:
        return Stayed(since, 0, 0, None, None, None)
    count, left, began, held, now = rows[0]
    if not began:
        return Stayed(since, count, left, None, None, None)
    return Stayed(since, count, left, _money(began, currency, known=count), held / began, now / began)


def _money(amount: float, currency: str, *, known: int) -> Money | None:
    return Money(Decimal(f"{amount:.2f}"), currency) if known and currency else None
