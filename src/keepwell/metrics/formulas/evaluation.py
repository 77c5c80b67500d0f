"""All asked metrics over all asked days, from daily facts, in one pass."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import singledispatch
from typing import Any

import narwhals as nw

from keepwell.metrics.catalogue import Metric
from keepwell.metrics.formulas import business, rolling, usage
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.daily import Daily, Reach
from keepwell.metrics.measures import (
    ActiveDays,
    DaysSince,
    DistinctPeople,
    FeatureShare,
    MeanValue,
    Measure,
    MonthlyRate,
    NetPromoter,
    Utilisation,
)

Parameters = Mapping[str, Mapping[str, Any]]


def reach(
    metrics: Sequence[Metric],
    days: Sequence[date],
    *,
    parameters: Parameters,
    known_by: datetime | None,
) -> Reach:
    """How far back and into which features these metrics look on these days."""
    measures = [metric.measure for metric in metrics]
    of_features = [metric for metric in metrics if isinstance(metric.measure, FeatureShare)]
    return Reach(
        days=days,
        people_days=max((m.window_days for m in measures if isinstance(m, _OF_PEOPLE)), default=0),
        feature_days=max((metric.window_days or 0 for metric in of_features), default=0),
        features={
            feature
            for metric in of_features
            for feature in parameters.get(metric.slug, {}).get("features", ())
        },
        known_by=known_by,
    )


def evaluated(
    metrics: Sequence[Metric], days: Sequence[date], daily: Daily, *, parameters: Parameters
) -> Frame:
    """One row per account, asked day and metric: account_id, as_of, metric, value, reason.

    Exactly one of value and reason is null. Values are rounded to nine decimals, for an engine divides a lone row and a
    long column by the same number with different last bits. An account is asked about from the day of its first event on.
    The rows come in no order.
    """
    known = rolling.spine(daily, days)
    return nw.concat([_one(metric, days, daily, known, parameters) for metric in metrics])


_OF_PEOPLE = (DistinctPeople, ActiveDays, Utilisation)


def _one(metric: Metric, days: Sequence[date], daily: Daily, known: Frame, parameters: Parameters) -> Frame:
    settings = parameters.get(metric.slug, {})
    answered = _evaluate(metric.measure, rolling.Asked(days, daily, known, settings, metric.reason))
    named = answered.with_columns(metric=nw.lit(metric.slug), value=nw.col("value").round(9))
    return named.select("account_id", "as_of", "metric", "value", "reason")


@singledispatch
def _evaluate(measure: Measure, asked: rolling.Asked) -> Frame:
    raise TypeError(f"no formula evaluates {measure!r}")


_evaluate.register(DistinctPeople, usage.people)
_evaluate.register(ActiveDays, usage.active_days)
_evaluate.register(FeatureShare, usage.feature_share)
_evaluate.register(Utilisation, usage.utilisation)
_evaluate.register(MonthlyRate, business.monthly_rate)
_evaluate.register(NetPromoter, business.net_promoter)
_evaluate.register(DaysSince, business.days_since)
_evaluate.register(MeanValue, business.mean_value)

MEASURES = frozenset(_evaluate.registry) - {object}
