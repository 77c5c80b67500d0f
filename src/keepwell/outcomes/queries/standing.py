"""Where indicators stand: the stored metric, or what was read by hand, with thirteen weeks behind it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from keepwell.kernel import speech
from keepwell.metrics.queries import values
from keepwell.outcomes import models

WEEKS = 13
WEEK = timedelta(days=7)
FRESH = timedelta(days=7)  # a stored day before the asked one speaks for it no longer than that
LOOKED_BACK = timedelta(days=182)


@dataclass(frozen=True)
class Stands:
    """A value with its day; `reason` says why there is none.

    `trend` are thirteen weeks; of the last `weeks` known ones (26 at most) `past` lay past the alarm.
    """

    value: float | None
    on: date | None
    reason: str
    trend: tuple[float | None, ...] = ()
    evidence: str = ""
    labels: Mapping[str, str] | None = None
    weeks: int = 0
    past: int = 0


def of(indicators: Sequence[models.Indicator], *, account_id: int, day: date) -> dict[int, Stands]:
    """Where each stands at the end of a day. One statement for the metrics, one for the readings."""
    bound = [one for one in indicators if one.metric]
    names = sorted({one.metric for one in bound})
    told = values.stored(since={account_id: day - LOOKED_BACK}, metrics=names) if names else None
    found = {one.pk: _measured(one, told, day) for one in bound if told is not None}
    by_hand = [one.pk for one in indicators if not one.metric]
    readings: dict[int, list[models.Reading]] = {pk: [] for pk in by_hand}
    if by_hand:
        for row in models.Reading.objects.filter(indicator__in=by_hand, on__lte=day).order_by("on", "pk"):
            readings[row.indicator_id].append(row)
    return found | {pk: _read(rows) for pk, rows in readings.items()}


def _measured(one: models.Indicator, told: pl.DataFrame, day: date) -> Stands:
    rows = told.filter((pl.col("metric") == one.metric) & (pl.col("as_of") <= day)).sort("as_of")
    if rows.is_empty():
        return Stands(None, None, speech.told("The metric is not computed for this account yet."))
    last: Any = rows.row(-1, named=True)
    if last["as_of"] <= day - FRESH:
        return Stands(None, None, speech.told("The metric has no value of the last week."))
    by_day = dict(rows.select("as_of", "value").iter_rows())
    weekly = [_week(by_day, day - number * WEEK) for number in range(LOOKED_BACK // WEEK)]
    known = [value for value in weekly if value is not None]
    past = [] if one.trigger is None else [v for v in known if _beyond(v, one.trigger, one.better)]
    reason = "" if last["value"] is not None else speech.recalled(str(last["reason"] or ""))
    trend = tuple(reversed(weekly[:WEEKS]))
    return Stands(last["value"], last["as_of"], reason, trend, weeks=len(known), past=len(past))


def _beyond(value: float, trigger: float, better: str) -> bool:
    return value < trigger if better == "up" else value > trigger


def _week(by_day: Mapping[date, float | None], end: date) -> float | None:
    days = (end - timedelta(days=back) for back in range(7))
    return next((by_day[day] for day in days if by_day.get(day) is not None), None)


def _read(rows: Sequence[models.Reading]) -> Stands:
    if not rows:
        return Stands(None, None, speech.told("Nobody has read it yet."))
    last = rows[-1]
    trend = tuple(row.value for row in rows[-WEEKS:])
    return Stands(last.value, last.on, "", trend, last.evidence, last.labels)


def past_trigger(asked: pl.DataFrame) -> pl.DataFrame:
    """Each indicator with a trigger on each asked day (account_id, as_of): title, and whether it is past its trigger (null:
    not known). Plans count from the day on which the indicator was written. Three queries at most, whatever is asked.
    """
    rows = _with_trigger(asked["account_id"].unique().to_list())
    on = asked.select("account_id", "as_of").join(rows, on="account_id")
    on = on.filter(
        (pl.col("made") <= pl.col("as_of"))
        & (pl.col("dropped").is_null() | (pl.col("dropped") > pl.col("as_of")))
    )
    if on.is_empty():
        return on.with_columns(past=pl.lit(None, pl.Boolean))
    told = pl.concat([_of_metrics(on), _of_readings(on)])
    found = on.join(told, on=["indicator", "as_of"], how="left")
    up = pl.col("better") == "up"
    past = (
        pl.when(up).then(pl.col("value") < pl.col("trigger")).otherwise(pl.col("value") > pl.col("trigger"))
    )
    return found.with_columns(past=past)


_ROWS = {
    "account_id": pl.Int64, "indicator": pl.Int64, "title": pl.String, "metric": pl.String, "better": pl.String,
    "trigger": pl.Float64, "made": pl.Date, "dropped": pl.Date,
}  # fmt: skip
_VALUES = {"indicator": pl.Int64, "as_of": pl.Date, "value": pl.Float64}


def _with_trigger(accounts: Collection[int]) -> pl.DataFrame:
    rows = models.Indicator.objects.filter(plan__account__in=accounts, trigger__isnull=False)
    rows = rows.filter(objective__dropped_at=None).order_by("pk")
    told = rows.values_list(
        "plan__account", "pk", "title", "metric", "better", "trigger", "created_at__date", "dropped_at__date"
    )
    return pl.DataFrame(list(told), schema=_ROWS, orient="row")


def _of_metrics(on: pl.DataFrame) -> pl.DataFrame:
    bound = on.filter(pl.col("metric") != "")
    if bound.is_empty():
        return pl.DataFrame(schema=_VALUES)
    first = bound.group_by("account_id").agg(pl.col("as_of").min() - FRESH)
    told = values.stored(since=dict(first.iter_rows()), metrics=sorted(bound["metric"].unique()))
    rows = told.select("account_id", "metric", "value", day="as_of").sort("day")
    found = bound.sort("as_of").join_asof(
        rows, left_on="as_of", right_on="day", by=["account_id", "metric"], tolerance=FRESH, check_sortedness=False
    )  # fmt: skip
    return found.select("indicator", "as_of", "value")


def _of_readings(on: pl.DataFrame) -> pl.DataFrame:
    by_hand = on.filter(pl.col("metric") == "")
    if by_hand.is_empty():
        return pl.DataFrame(schema=_VALUES)
    ids = by_hand["indicator"].unique().to_list()
    told = models.Reading.objects.filter(indicator__in=ids).order_by("on", "pk")
    schema = {"indicator": pl.Int64, "day": pl.Date, "value": pl.Float64}
    # What was entered later than the day that it is of was not known before.
    rows = [
        (pk, max(on, at.date()), value)
        for pk, on, at, value in told.values_list("indicator", "on", "at", "value")
    ]
    readings = pl.DataFrame(rows, schema=schema, orient="row").sort("day", maintain_order=True)
    last = readings.unique(["indicator", "day"], keep="last", maintain_order=True)
    found = by_hand.sort("as_of").join_asof(
        last, left_on="as_of", right_on="day", by="indicator", check_sortedness=False
    )
    return found.select("indicator", "as_of", "value")
