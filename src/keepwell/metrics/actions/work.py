"""What all passes of one refresh share: the metrics, what they depend on, and which of them wait for a job."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from keepwell.kernel.moments import end_of
from keepwell.metrics import declaring
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import catalogue, facts, feeds, rollups, settings


@dataclass(frozen=True)
class Work:
    """What all passes of one refresh share."""

    metrics: Sequence[Metric]
    own: Sequence[Metric]
    parameters: Mapping[str, Mapping[str, Any]]
    families: Collection[str]
    feed: pl.DataFrame
    trees: rollups.Trees

    @classmethod
    def of(
        cls,
        as_of: date,
        keep: Collection[str],
        *,
        kept: dict[str, Any] | None = None,
        after_batch: int | None = None,
    ) -> "Work":
        """What is there to compute on a day. `kept` is the feed as it was after a batch, if it is known."""
        metrics = [metric for metric in catalogue.answering() if metric.kept or metric.slug in keep]
        families = {family for metric in metrics for family in facts.families(metric)}
        feed = feeds.followed(kept, families=families, until=end_of(as_of), after_batch=after_batch)
        own, trees = rollups.own(metrics), rollups.trees(metrics)
        return cls(metrics, own, settings.parameters(), families, feed, trees)

    @property
    def all(self) -> tuple[Metric, ...]:
        """Whatever is stored."""
        return tuple({metric.slug: metric for metric in (*self.own, *self.metrics)}.values())

    @property
    def rolled(self) -> list[Metric]:
        """Those that accounts answer from others below them."""
        return [metric for metric in self.metrics if metric.rollup]

    def concerned(self, since: Mapping[int, date] | None) -> Mapping[int, date] | None:
        """These accounts, and those that answer from them."""
        for metric in self.rolled if since is not None else ():
            since = self.trees.above(since or {}, metric)
        return since

    def definition(self) -> dict[str, Any]:
        """By what the values are computed."""
        return settings.definition(self.all, self.parameters)

    def later(self, before: Mapping[str, Any], keep: Collection[str]) -> dict[str, Any]:
        """What need not be computed within this refresh, with its definition: defined metrics that stand as they were defined
        before, or that nobody judges by yet.
        """
        now = self.definition()
        return {
            metric.slug: now[metric.slug]
            for metric in self.own
            if not metric.builtin and _can_wait(before.get(metric.slug), now[metric.slug], metric, keep)
        }

    def as_before(self, before: Mapping[str, Any], later: Collection[str]) -> "Work":
        """The same with what waits as it was defined before; without it where it is new."""

        def changed(metrics: Sequence[Metric]) -> list[Metric]:
            told = [(metric, before.get(metric.own.slug)) for metric in metrics]
            return [
                replace(metric, measure=declaring.read(said[0]))
                if metric.own.slug in later and said
                else metric
                for metric, said in told
                if metric.own.slug not in later or said
            ]

        return replace(self, metrics=changed(self.metrics), own=changed(self.own)) if later else self


def _can_wait(before: Any, now: Any, metric: Metric, keep: Collection[str]) -> bool:
    if before is None:
        return metric.slug not in keep and metric.base not in keep
    return bool(before != now and before[1:] == now[1:])
