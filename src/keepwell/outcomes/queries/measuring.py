"""What measures were over a quarter, each week as it was known when it ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from keepwell.kernel.moments import sundays
from keepwell.metrics.queries import values
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.valuing import Factor
from keepwell.outcomes.quarters import Quarter

WEEKS = 14


@dataclass(frozen=True)
class Measured:
    """A measure over a quarter: its mean and its last value, and how many of its weeks are known."""

    mean: float | None
    last: float | None
    known: int
    weeks: int

    def factor(self, slug: str, *, over: str) -> Factor:
        """As an input: a point, for it was counted and not guessed; missing where fewer than half of the weeks are known."""
        value = self.mean if over == "mean" else self.last
        if not self.known or value is None:
            return Factor(slug, None, missing="not_measured")
        if over == "mean" and 2 * self.known < self.weeks:
            return Factor(slug, None, missing="too_few_weeks")
        return Factor(slug, ranges.exactly(value))


NOTHING = Measured(None, None, 0, 0)


def over(
    *, account_id: int, metrics: Collection[str], quarter: Quarter, until: date
) -> Mapping[str, Measured]:
    """Each measure on the Sundays of a quarter up to a day, as known at the end of each. Reads the account's share of the
    lake once; nothing where no measure is asked or no week has ended.
    """
    grid = sundays(until=min(until, quarter.until), weeks=WEEKS)
    days = [day for day in grid.days if day >= quarter.since]
    if not metrics or not days:
        return {}
    asked = sundays(until=days[-1], weeks=len(days))
    told = values.replayed(metrics=sorted(metrics), grid=asked, accounts=[account_id])
    return {slug: _measured(told.filter(pl.col("metric") == slug), len(days)) for slug in metrics}


def _measured(rows: pl.DataFrame, weeks: int) -> Measured:
    known = rows.sort("as_of").drop_nulls("value")
    if known.is_empty():
        return Measured(None, None, 0, weeks)
    series = known["value"].to_list()
    is_last_known = rows["as_of"].max() == known["as_of"].max()
    return Measured(sum(series) / len(series), series[-1] if is_last_known else None, len(series), weeks)
