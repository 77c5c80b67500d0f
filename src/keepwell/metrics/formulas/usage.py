"""Formulas over what was used: people, days, features, seats."""

import narwhals as nw

from keepwell.metrics.formulas import calendar
from keepwell.metrics.formulas.calendar import Frame
from keepwell.metrics.formulas.rolling import KEYS, Asked, answers, rolled
from keepwell.metrics.measures import ActiveDays, DistinctPeople, FeatureShare, Utilisation

NOBODY_NAMED = "No usage event ever named a person"
NEVER_USED = "No usage is known"
NO_FEATURES = "No core feature is declared"
NO_SEATS = "No active contract states its seats"


def people(measure: DistinctPeople, asked: Asked) -> Frame:
    """How many distinct named people used the product in the window; 0 once anybody was ever named."""
    counts = _people(measure.window_days, asked)
    return answers(
        asked.spine.join(counts, on=list(KEYS), how="left"),
        known=nw.col("named"),
        value=nw.col("people").fill_null(0),
        reason=asked.reason,
    )


def active_days(measure: ActiveDays, asked: Asked) -> Frame:
    """How many distinct days of the window had usage; 0 once the product was ever used."""
    days = asked.daily.people.select("account_id", "day").unique()
    counts = rolled(days, asked.days, measure.window_days).group_by(*KEYS).agg(days=nw.len())
    return answers(
        asked.spine.join(counts, on=list(KEYS), how="left"),
        known=nw.col("used"),
        value=nw.col("days").fill_null(0),
        reason=asked.reason,
    )


def feature_share(measure: FeatureShare, asked: Asked) -> Frame:
    """100 × distinct declared features used in the window / declared features: 0 none, 100 all, in percent.
    100 × distinct declared features used in the window / declared features: 0 none, 100 all, in percent.
    """
    declared = frozenset(asked.parameters.get("features", ()))
    used = asked.daily.features.filter(nw.col("feature").is_in(sorted(declared)))
    counts = (
        rolled(used, asked.days, measure.window_days)
        .group_by(*KEYS)
        .agg(used_features=nw.col("feature").n_unique())
    )
    return answers(
        asked.spine.join(counts, on=list(KEYS), how="left"),
        known=nw.col("used") if declared else nw.col("used") & nw.lit(False),
        value=nw.col("used_features").fill_null(0).cast(nw.Float64) * 100.0 / float(max(len(declared), 1)),
        reason=NEVER_USED if declared else NO_FEATURES,
    )


def utilisation(measure: Utilisation, asked: Asked) -> Frame:
    """100 × people of the window / seats of the contracts active on the day; may exceed 100, in percent.

    The state of a contract on a day is its last event by (at, known_at); it is active when start_date ≤
    day < end_date, an empty end being open. Contracts without seats add nothing; no seats at all, or
    zero, is unknown.
    """
    rows = asked.spine.join(_people(measure.window_days, asked), on=list(KEYS), how="left")
    rows = rows.join(_seats(asked), on=list(KEYS), how="left")
    bought = (nw.col("seats") > 0).fill_null(False)
    return answers(
        rows,
        known=nw.col("named") & bought,
        value=nw.col("people").fill_null(0).cast(nw.Float64) * 100.0 / nw.col("seats").cast(nw.Float64),
        reason=nw.when(nw.col("named")).then(nw.lit(NO_SEATS)).otherwise(nw.lit(NOBODY_NAMED)),
    )


def _people(window_days: int, asked: Asked) -> Frame:
    named = asked.daily.people.filter(nw.col("person") != "")
    return rolled(named, asked.days, window_days).group_by(*KEYS).agg(people=nw.col("person").n_unique())


def _seats(asked: Asked) -> Frame:
    """Seats bought per account and asked day. Contract changes × asked days rows pass through."""
    contracts = asked.daily.contracts
    states = contracts.join(calendar.asked(contracts, asked.days), how="cross").filter(
        nw.col("day") <= nw.col("as_of")
    )
    ended = nw.col("end_date").fill_null(nw.col("start_date"))
    order = states.with_columns(ended=ended, bought=nw.col("seats").fill_null(-1))
    place = nw.col("contract").cum_count(reverse=True)
    last = order.with_columns(
        place=place.over(*KEYS, "contract", order_by=["at", "known_at", "start_date", "ended", "bought"])
    ).filter(nw.col("place") == 1)
    open_ended = nw.col("end_date").is_null() | (nw.col("end_date") > nw.col("as_of"))
    active = last.filter((nw.col("start_date") <= nw.col("as_of")) & open_ended & ~nw.col("seats").is_null())
    return active.group_by(*KEYS).agg(seats=nw.col("seats").sum())
