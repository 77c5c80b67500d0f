"""Metrics that accounts answer from those below them: what must be computed for that, and what they answer then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from keepwell.ledger.queries import hierarchy
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.formulas import rollup
from keepwell.metrics.queries import catalogue

ARR = "arr"
KEYS = rollup.KEYS


@dataclass(frozen=True)
class Trees:
    """Who stood below whom, by kind of hierarchy, of the kinds that some metrics roll up along; most often none."""

    pairs: Mapping[str, pl.DataFrame]

    def below(self, accounts: Collection[int] | None) -> Collection[int] | None:
        """The accounts with all that ever stood below them."""
        if accounts is None:
            return None
        found = (
            pairs.filter(pl.col("above").is_in(list(accounts)))["below"] for pairs in self.pairs.values()
        )
        return sorted({*accounts, *(account for column in found for account in column)})

    def above(self, since: Mapping[int, date], metric: Metric) -> dict[int, date]:
        """Each account, and whoever ever stood above it and answers from it, from the first day of any of theirs."""
        if metric.rollup is None:
            return dict(since)
        schema = {"below": pl.Int64, "day": pl.Date}
        own = pl.DataFrame({"below": list(since), "day": list(since.values())}, schema=schema)
        theirs = self.pairs[metric.rollup.kind].join(own, on="below").select(below="above", day="day")
        first = pl.concat([own, theirs]).group_by("below").agg(pl.col("day").min())
        return dict(first.iter_rows())

    def answered(self, found: pl.DataFrame, metrics: Iterable[Metric]) -> pl.DataFrame:
        """What metrics answer, from the values of `own`: account_id, as_of, metric, value, reason, in no order."""
        wanted = list(metrics)
        rolled = [self._rolled(found, metric) for metric in wanted if metric.rollup]
        if not rolled:
            return found
        plain = [metric.slug for metric in wanted if metric.rollup is None]
        return pl.concat([found.filter(pl.col("metric").is_in(plain)), *rolled])

    def _rolled(self, found: pl.DataFrame, metric: Metric) -> pl.DataFrame:
        if metric.rollup is None:
            raise ValueError(metric.slug)
        own = found.filter(pl.col("metric") == metric.own.slug).drop("metric")
        answers = rollup.rolled(
            own,
            self.pairs[metric.rollup.kind],
            how=metric.rollup.how,
            upward=metric.better == "up",
            weights=found.filter(pl.col("metric") == ARR).select(*KEYS, weight="value"),
        )
        return answers.with_columns(metric=pl.lit(metric.slug)).select(found.columns)


def trees(
    metrics: Iterable[Metric], *, known_by: datetime | None = None, as_known_then: bool = False
) -> Trees:
    """Along what these metrics roll up. A query for each kind of hierarchy."""
    kinds = sorted({metric.rollup.kind for metric in metrics if metric.rollup})
    links = {
        kind: hierarchy.links(kind=kind, known_by=known_by, as_known_then=as_known_then) for kind in kinds
    }
    return Trees({kind: rollup.pairs(found) for kind, found in links.items()})


def concerned(since: Mapping[int, date]) -> dict[int, date]:
    """The days from which values of accounts may be others: of these, and of whoever answers from them. A few queries."""
    metrics = [metric for metric in catalogue.answering() if metric.rollup]
    found, told = dict(since), trees(metrics)
    for metric in metrics:
        found = told.above(found, metric)
    return found


def own(metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """What must be computed of each account itself, so that these metrics can be answered."""
    weighed = (
        [METRICS[ARR]]
        if any(metric.rollup and metric.rollup.how == "arr_weighted" for metric in metrics)
        else []
    )
    return tuple({metric.slug: metric for metric in (*(metric.own for metric in metrics), *weighed)}.values())
