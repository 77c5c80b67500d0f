"""What a card would change if it were published now: which accounts would stand elsewhere, and what they are worth."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import sqrt
from typing import Any

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.health import cards as definitions
from keepwell.health.queries import cards
from keepwell.health.queries.cards import InForce, Span
from keepwell.health.queries.evaluation import Facts, judged, needed, of_cards
from keepwell.kernel import samples
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import Grid
from keepwell.kernel.money import Money, totals
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import values
from keepwell.segments.queries import vocabulary

UNSAVED = -1
WORST_FIRST = ("red", "yellow", "green", "unknown", "")
AT_ONCE = 2000
KEPT = 100
Progress = Callable[[int, int], None]


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
    """What would change on the current day: `judged` is how many the card itself would judge.

    Of `accounts` present customers `asked` were judged: all of them, or a sample. `moved` are those of them that would stand
    elsewhere, largest ARR first; `moving` is how many they are, should only the largest be kept.
    """

    as_of: date
    accounts: int
    asked: int
    judged: int
    flows: tuple[Flow, ...]
    moved: tuple[Moved, ...]
    moving: int

    @property
    def is_sample(self) -> bool:
        """Whether others were not asked."""
        return self.asked < self.accounts

    @property
    def share(self) -> tuple[float, float]:
        """Between which percentages the share of those that would move lies, with 95 % certainty (Wilson's interval)."""
        n, z = max(self.asked, 1), 1.96
        p = self.moving / n
        middle, wide = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        low, high = ((middle + sign * wide) / (1 + z * z / n) for sign in (-1, 1))
        return (100 * max(low, 0.0), 100 * min(high, 1.0))


def of(*, slug: str, definition: Mapping[str, Any], seen_by: Scope, most: int | None = None) -> Preview:
    """Judge present customers on the current day as now, and with this definition in the card's place.

    All of them, or of more than `most` a sample of that many, always the same ones. A card that stands in no order is tried
    as the first. Reads the stored values; the lake only for metrics that are not stored yet.
    """
    seen_by.require("config.change")
    present = _present(seen_by)
    asked = samples.steady(present, most=most)
    tried = _tried(slug, definition, accounts=asked if len(asked) < len(present) else None)
    return _told(tried.day, len(present), [_judged(tried, asked, seen_by)])


def whole(*, slug: str, definition: Mapping[str, Any], seen_by: Scope, progress: Progress) -> Preview:
    """The same of all present customers however many, block by block; of those that move the largest are kept.

    `progress` is told how many of how many are judged.
    """
    seen_by.require("config.change")
    present = _present(seen_by)
    return _told(*_blocks(_tried(slug, definition, accounts=None), present, seen_by, progress))


def _blocks(
    tried: "_Tried", present: Sequence[int], seen_by: Scope, progress: Progress
) -> tuple[date, int, list["_Judged"]]:
    blocks = []
    progress(0, len(present))
    for start in range(0, len(present), AT_ONCE):
        found = _judged(tried, present[start : start + AT_ONCE], seen_by)
        blocks.append(replace(found, moved=_largest(found.moved)))
        progress(min(start + AT_ONCE, len(present)), len(present))
    return tried.day, len(present), blocks


@dataclass(frozen=True)
class _Tried:
    """The cards as now and with the tried one, and what is read once for all accounts: `fresh` are values not stored yet."""

    day: date
    now: Span
    then: Span
    facts: Facts | None
    stored: tuple[str, ...]
    fresh: pl.DataFrame | None


@dataclass(frozen=True)
class _Judged:
    """What some accounts would do."""

    asked: int
    judged: int
    flows: tuple[Flow, ...]
    moved: tuple[Moved, ...]
    moving: int


def _present(seen_by: Scope) -> list[int]:
    rows = accounts.visible(seen_by=seen_by).filter(former=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _tried(slug: str, definition: Mapping[str, Any], *, accounts: Sequence[int] | None) -> _Tried:
    card = definitions.read(definition).each(vocabulary.plain)
    covered = values.extent()
    if covered is None:
        raise Invalid("No numbers are computed yet. Import facts first, then look what would change.")
    day = covered.as_of
    now = _now(day)
    then = Span(day, _with(now.versions, InForce(day, UNSAVED, 0, slug, slug, card)))
    metrics, judging = needed([now, then]), [v.card for v in (*now.versions, *then.versions)]
    missing, fresh = sorted(metrics - set(covered.definition)), None
    if missing:
        fresh = values.evaluate(metrics=missing, grid=Grid(last=day), known_by=None, accounts=accounts)
    facts = of_cards(judging, days=[day], accounts=accounts)
    return _Tried(day, now, then, facts, tuple(sorted(metrics & set(covered.definition))), fresh)


def _judged(tried: _Tried, ids: Sequence[int], seen_by: Scope) -> _Judged:
    found = values.stored(since=dict.fromkeys(ids, tried.day), metrics=tried.stored)
    if tried.fresh is not None:
        found = pl.concat([found, tried.fresh.filter(pl.col("account_id").is_in(ids))])
    both = [
        judged(found, [replace(span, since=date.min)], facts=tried.facts) for span in (tried.now, tried.then)
    ]
    before, after = ({row["account_id"]: row for row in scores.iter_rows(named=True)} for scores in both)
    rows = accounts.visible(seen_by=seen_by).filter(pk__in=ids)
    moved = [_moved(account, before.get(account.pk), after.get(account.pk)) for account in rows]
    elsewhere = [one for one in moved if one.before != one.after]
    own = sum(row["version_id"] == UNSAVED for row in after.values())
    return _Judged(len(ids), own, _flows(moved), tuple(sorted(elsewhere, key=_by_weight)), len(elsewhere))


def _told(day: date, present: int, blocks: Sequence[_Judged]) -> Preview:
    return Preview(
        as_of=day,
        accounts=present,
        asked=sum(block.asked for block in blocks),
        judged=sum(block.judged for block in blocks),
        flows=_summed([flow for block in blocks for flow in block.flows]),
        moved=blocks[0].moved if len(blocks) == 1 else _largest(_every(block.moved for block in blocks)),
        moving=sum(block.moving for block in blocks),
    )


def _every(found: "Iterator[tuple[Moved, ...]]") -> list[Moved]:
    return [one for moved in found for one in moved]


def _largest(moved: Sequence[Moved]) -> tuple[Moved, ...]:
    return tuple(sorted(moved, key=_by_weight)[:KEPT])


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


def _flows(moved: Sequence[Moved]) -> tuple[Flow, ...]:
    return _summed([Flow(one.before, one.after, 1, one.arr) for one in moved])


def _summed(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """Flows from and to the same bands together, from the worst on."""
    found: dict[tuple[str, str], list[Flow]] = {}
    for one in flows:
        found.setdefault((one.before, one.after), []).append(one)
    ordered = sorted(found.items(), key=lambda item: [WORST_FIRST.index(band) for band in item[0]])
    return tuple(
        Flow(
            before,
            after,
            sum(row.accounts for row in rows),
            next(iter(totals(row.arr for row in rows if row.arr)), None),
        )
        for (before, after), rows in ordered
    )


def _by_weight(one: Moved) -> tuple[Decimal, str]:
    return (-(one.arr.amount if one.arr else Decimal(0)), one.name)
