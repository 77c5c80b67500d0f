"""All asked metrics over all asked days, from daily facts, in one pass."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw

from keepwell.metrics import measures
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas import counts, knowing, lasting
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.daily import Daily
from keepwell.metrics.formulas.knowing import Flag
from keepwell.metrics.formulas.reach import Reach
from keepwell.metrics.formulas.rolling import Asked
from keepwell.metrics.measures import Leaf

Parameters = Mapping[str, Mapping[str, Any]]
CORE = "core_feature_adoption"
BEGUN = Flag("begun", 0)


def reach(
    metrics: Sequence[Metric],
    days: Sequence[date],
    *,
    parameters: Parameters,
    known_by: datetime | None,
    as_known_then: bool = False,
) -> Reach:
    """How far back and into what these metrics look on these days."""
    core = parameters.get(CORE, {}).get("features", ())
    return Reach(tuple(days), leaves(metrics), frozenset(core), known_by, as_known_then)


def leaves(metrics: Sequence[Metric]) -> tuple[Leaf, ...]:
    """What must be looked up for these metrics, each once."""
    return tuple(dict.fromkeys(leaf for metric in metrics for leaf in measures.leaves(metric.measure)))


def wide(
    wanted: Collection[Leaf], daily: Daily, reach: Reach, *, days: Sequence[date] | None = None
) -> Frame:
    """One row per account and asked day on which it was known: account_id, as_of, a column for each wanted leaf.

    A leaf's column is null where it is unknown. Hold it: every metric reads it. The leaves and days may be fewer than those
    of the reach.
    """
    asked = Asked(daily, reach, tuple(sorted(reach.days if days is None else days)))
    base = knowing.flagged(asked, asked.base, _flags(wanted))
    columns = {leaf: name for leaf, name in named(reach).items() if leaf in wanted}
    for together in _together(columns):
        leaf, name = next(iter(together.items()))
        if type(leaf) in BATCHES:
            base = BATCHES[type(leaf)]({name: leaf for leaf, name in together.items()}, asked, base)
        else:
            base = FORMULAS[type(leaf)](leaf, asked, base, name)
    answered = {
        name: nw.when(knowing.known(leaf, name, asked)).then(nw.col(name).cast(nw.Float64))
        for leaf, name in columns.items()
    }
    known = base.filter(~nw.col(BEGUN.column).is_null())
    return known.select("account_id", "as_of", **answered)


def evaluated(metrics: Sequence[Metric], rows: Frame, reach: Reach) -> Frame:
    """One row per account, asked day and metric: account_id, as_of, metric, value, reason. `rows` are those of `wide`.

    Exactly one of value and reason is null. Values are rounded to nine decimals, for an engine divides a lone row and a
    long column by the same number with different last bits. An account is asked about from the day of its first event on.
    The rows come in no order.
    """
    return nw.concat([_one(metric, rows, reach) for metric in metrics])


def named(reach: Reach) -> dict[Leaf, str]:
    """The columns of the leaves."""
    return {leaf: f"leaf{number}" for number, leaf in enumerate(reach.leaves)}


def _one(metric: Metric, rows: Frame, reach: Reach) -> Frame:
    measure, columns = metric.measure, named(reach)
    value = knowing.value(measure, columns)
    plain = isinstance(measure, Leaf) and not isinstance(measure, measures.CoreShare)
    why = nw.lit(metric.reason) if plain else knowing.reason(measure, columns, reach.features)
    return rows.select(
        "account_id",
        "as_of",
        metric=nw.lit(metric.slug),
        value=value.round(9),
        reason=nw.when(value.is_null()).then(why),
    )


def _flags(leaves: Iterable[Leaf]) -> dict[Flag, None]:
    found = [BEGUN, *(flag for leaf in leaves if (flag := knowing.needed(leaf)) is not None)]
    return dict.fromkeys(found)


def _together(columns: Mapping[Leaf, str]) -> Iterable[Mapping[Leaf, str]]:
    """Leaves that one look at the facts can answer: those that add up, of one kind of events and one window."""
    groups: dict[Any, dict[Leaf, str]] = {}
    for leaf, name in columns.items():
        alike = (type(leaf), leaf.events.kind, leaf.days, leaf.ago) if type(leaf) in BATCHES else leaf  # type: ignore[union-attr]
        groups.setdefault(alike, {})[leaf] = name
    return groups.values()


BATCHES: Mapping[type[Any], Callable[[Any, Asked, Frame], Frame]] = {
    measures.Count: counts.count,
    measures.Amount: counts.amount,
}
FORMULAS: Mapping[type[Any], Callable[[Any, Asked, Frame, str], Frame]] = {
    measures.Distinct: counts.distinct,
    measures.Streak: counts.streak,
    measures.CoreShare: counts.core_share,
    measures.Last: lasting.last,
    measures.NetPromoter: lasting.net_promoter,
    measures.Since: lasting.since,
    measures.First: lasting.first,
    measures.Tenure: lasting.tenure,
    measures.Open: lasting.open_,
    measures.Standing: lasting.standing,
    measures.Terms: lasting.terms,
}
