"""What conditions may ask about success plans: in what state, which indicators are past their trigger, what is overdue.

One subject for all plans: a rule asks the rows of every plan in a few queries, instead of being a rule for each plan.
"""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
from django.db.models import Min

from keepwell.hooks import specs
from keepwell.hooks.columns import Column, Columns
from keepwell.kernel import speech
from keepwell.outcomes import models
from keepwell.outcomes.formulas import judging
from keepwell.outcomes.queries import standing

STATE, PAST, WHICH, OVERDUE = "plan.state", "plan.past_trigger", "plan.which", "plan.overdue"
STATES: dict[str, str] = {
    "none": speech.later("No plan"),
    "draft": speech.later("Draft"),
    "agreed": speech.later("Agreed"),
    "stale": speech.later("Stale"),
}
KEYS = ["account_id", "as_of"]


class Plans:
    """Success plans, as their rows say; of a past day only what was there by then."""

    declared: Sequence[Column] = (
        Column(STATE, speech.later("State of the success plan"), "text", choices=tuple(STATES)),
        Column(PAST, speech.later("Plan indicators past their alarm"), "number"),
        Column(WHICH, speech.later("Which indicators are past their alarm"), "text"),
        Column(OVERDUE, speech.later("Plan steps overdue"), "number"),
    )

    def on_days(self, asked: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
        """Three queries for indicators, two for the state, one for steps."""
        found = asked
        if {PAST, WHICH} & set(names):
            found = _with_past(found, [name for name in (PAST, WHICH) if name in names])
        if STATE in names:
            found = _with_state(found)
        return _with_overdue(found) if OVERDUE in names else found


def _with_past(asked: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """How many are past it: none where there is nothing to alarm, unknown while none is known to be and some are not."""
    told = standing.past_trigger(asked)
    each = told.group_by(KEYS).agg(
        count=pl.col("past").sum().cast(pl.Float64),
        blind=pl.col("past").is_null().sum(),
        which=pl.col("title").filter(pl.col("past")).sort().str.join(", "),
    )
    some = pl.col("count") > 0
    said = each.select(
        *KEYS,
        pl.when(some | (pl.col("blind") == 0)).then(pl.col("count")).alias(PAST),
        pl.when(some).then(pl.col("which")).alias(WHICH),
        there=pl.lit(value=True),
    )
    found = asked.join(said, on=KEYS, how="left")
    counted = pl.when(pl.col("there").is_null()).then(pl.lit(0.0)).otherwise(pl.col(PAST)).alias(PAST)
    dropped = [name for name in (PAST, WHICH) if name not in names]
    return found.with_columns(counted).drop("there", *dropped)


def _with_state(asked: pl.DataFrame) -> pl.DataFrame:
    ids = asked["account_id"].unique().to_list()
    begun: dict[int, date] = dict(
        models.SuccessPlan.objects.filter(account__in=ids).values_list("account", "created_at__date")
    )
    made: dict[int, list[date]] = {}
    rows = models.PlanVersion.objects.filter(plan__account__in=ids).order_by("number")
    for account, on in rows.values_list("plan__account", "at__date"):
        made.setdefault(account, []).append(on)
    said = [
        _state(begun.get(account), made.get(account, ()), day)
        for account, day in asked.select(KEYS).iter_rows()
    ]
    return asked.with_columns(pl.Series(STATE, said, pl.String))


def _state(begun: date | None, made: Sequence[date], day: date) -> str:
    confirmed = max((on for on in made if on <= day), default=None)
    has_plan = begun is not None and begun <= day
    return judging.state(has_plan=has_plan, agreed=confirmed is not None, confirmed_on=confirmed, today=day)


def _with_overdue(asked: pl.DataFrame) -> pl.DataFrame:
    rows = models.PlanStep.objects.filter(
        plan__account__in=asked["account_id"].unique().to_list(), due_date__isnull=False
    )
    told = rows.annotate(done=Min("completion__on")).values_list(
        "plan__account", "due_date", "created_at__date", "dropped_at__date", "done"
    )
    schema = {"account_id": pl.Int64, "due": pl.Date, "made": pl.Date, "dropped": pl.Date, "done": pl.Date}
    steps = pl.DataFrame(list(told), schema=schema, orient="row")
    day = pl.col("as_of")
    on = (
        asked.select(KEYS)
        .join(steps, on="account_id")
        .filter((pl.col("due") < day) & (pl.col("made") <= day))
    )
    still = on.filter(
        (pl.col("dropped").is_null() | (pl.col("dropped") > day))
        & (pl.col("done").is_null() | (pl.col("done") > day))
    )
    counted = still.group_by(KEYS).agg(pl.len().cast(pl.Float64).alias(OVERDUE))
    return asked.join(counted, on=KEYS, how="left").with_columns(pl.col(OVERDUE).fill_null(0.0))


@specs.impl
def columns() -> Sequence[Columns]:
    """What this stage lets conditions ask."""
    return (Plans(),)
