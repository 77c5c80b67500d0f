"""What a card would change if it were published now: which accounts would stand elsewhere, and what they are worth."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.health import cards as definitions
from keepwell.health.queries import cards
from keepwell.health.queries.cards import InForce, Span
from keepwell.health.queries.evaluation import facts, judged, needed
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import Grid
from keepwell.kernel.money import Money, totals
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import values
from keepwell.segments.queries import vocabulary

UNSAVED = -1
WORST_FIRST = ("red", "yellow", "green", "unknown", "")


@dataclass(frozen=True)
class Moved:
    """An account whose band would be another; "" where no card judges it."""

    key: str
    name: str
    arr: Money | None
    before: str
    after: str
    points_before: float | None
    points_after: float | None


@dataclass(frozen=True)
class Flow:
    """How many present customers would go from one band to another, and their ARR in the reporting currency."""

    before: str
    after: str
    accounts: int
    arr: Money | None


@dataclass(frozen=True)
class Preview:
    """What would change on the current day: `judged` is how many the card itself would judge."""

    as_of: date
    accounts: int
    judged: int
    flows: tuple[Flow, ...]
    moved: tuple[Moved, ...]


def of(*, slug: str, definition: Mapping[str, Any], seen_by: Scope) -> Preview:
    """Judge every present customer on the current day as now, and with this definition in the card's place.

    A card that stands in no order is tried as the first. Reads the stored values; the lake only for metrics that are not
    stored yet.
    """
    seen_by.require("config.change")
    card = definitions.read(definition).each(vocabulary.plain)
    covered = values.extent()
    if covered is None:
        raise Invalid("No numbers are computed yet. Import facts first, then look what would change.")
    day = covered.as_of
    now = _now(day)
    then = Span(day, _with(now.versions, InForce(day, UNSAVED, 0, slug, slug, card)))
    present = {row.pk: row for row in accounts.visible(seen_by=seen_by).filter(former=False)}
    found = current(needed([now, then]), day, covered.definition).filter(
        pl.col("account_id").is_in(list(present))
    )
    asked = facts([now, then], days=[day])
    both = [judged(found, [replace(span, since=date.min)], facts=asked) for span in (now, then)]
    before, after = ({row["account_id"]: row for row in scores.iter_rows(named=True)} for scores in both)
    moved = [_moved(account, before.get(pk), after.get(pk)) for pk, account in present.items()]
    return Preview(
        as_of=day,
        accounts=len(present),
        judged=sum(row["version_id"] == UNSAVED for row in after.values()),
        flows=_flows(moved),
        moved=tuple(sorted((one for one in moved if one.before != one.after), key=_by_weight)),
    )


def current(metrics: frozenset[str], day: date, stored: Mapping[str, Any]) -> pl.DataFrame:
    """Values of some metrics of everybody on the current day, stored or, where they are not yet, from the lake."""
    everybody = dict.fromkeys(accounts.everybody(), day)
    kept = values.stored(since=everybody, metrics=sorted(metrics & set(stored)))
    if missing := sorted(metrics - set(stored)):
        kept = pl.concat([kept, values.evaluate(metrics=missing, grid=Grid(last=day), known_by=None)])
    return kept


def _now(day: date) -> Span:
    spans = [span for span in cards.spans() if span.since <= day]
    return spans[-1] if spans else Span(day, ())


def _with(versions: tuple[InForce, ...], tried: InForce) -> tuple[InForce, ...]:
    if tried.slug not in {version.slug for version in versions}:
        return (tried, *versions)
    return tuple(tried if version.slug == tried.slug else version for version in versions)


def _moved(account: Any, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Moved:
    return Moved(
        account.key,
        account.name,
        accounts.arr_reporting(account),
        before["band"] if before else "",
        after["band"] if after else "",
        before["points"] if before else None,
        after["points"] if after else None,
    )


def _flows(moved: list[Moved]) -> tuple[Flow, ...]:
    found: dict[tuple[str, str], list[Moved]] = {}
    for one in moved:
        found.setdefault((one.before, one.after), []).append(one)
    ordered = sorted(found.items(), key=lambda item: [WORST_FIRST.index(band) for band in item[0]])
    return tuple(
        Flow(before, after, len(rows), next(iter(totals(row.arr for row in rows if row.arr)), None))
        for (before, after), rows in ordered
    )


def _by_weight(one: Moved) -> tuple[Decimal, str]:
    return (-(one.arr.amount if one.arr else Decimal(0)), one.name)
