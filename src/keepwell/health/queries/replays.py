"""The company's own past as a scorecard would have seen it: each day as known then, those that left included."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas import scoring
from keepwell.health.queries import evaluation
from keepwell.kernel.moments import DAY, Grid, end_of
from keepwell.ledger import frames as ledger
from keepwell.ledger.engines import EMBEDDED
from keepwell.ledger.knowledge import THEN
from keepwell.ledger.models import Account
from keepwell.metrics.conditions import frames
from keepwell.metrics.departures import Departure
from keepwell.metrics.formulas import spells as formulas
from keepwell.metrics.queries import departures, values

MOST_DAYS = 104
TOUCH = "days_since_touchpoint"
KEYS = ["account_id", "as_of"]
TERMS = ((45, "monthly"), (135, "quarterly"), (400, "yearly"), (36500, "longer"))
ACTS = ("touchpoint.held", "review.held", "plan.confirmed", "incident.opened")
NO_TERM = "no contract"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What a proof is asked for: which departure, how far ahead, on which days."""

    departure: Departure
    horizon_days: int
    step_days: int
    since: date | None
    until: date


@dataclass(frozen=True)
class Replay:
    """A row for each account on each day on which it was a customer, with the metrics as columns; and who left when.

    `settled_on` is the last day whose departures are certain.
    """

    rows: pl.DataFrame
    departed: pl.DataFrame
    metrics: tuple[str, ...]
    days: tuple[date, ...]
    settled_on: date


def grid(spells: pl.DataFrame, asked: Asked) -> Grid | None:
    """The days to replay: back from the last one to where the first customer begins, at most 104. None without customers."""
    if spells.is_empty():
        return None
    first: date = spells["since"].min()  # type: ignore[assignment] # a column of days has a day
    begin = max(first, asked.since or first)
    count = (asked.until - begin).days // asked.step_days + 1
    return Grid(asked.until, asked.step_days, min(count, MOST_DAYS)) if count > 0 else None


def replay(*, asked: Asked, metrics: Sequence[str], progress: Progress) -> Replay | None:
    """Who was a customer on each day, what the metrics said as known by its end, and the naive rules' numbers.

    Who left and when is told as known now: only what foretells must not know the future. One scan of the lake for the
    spells, one for use, one for the metrics of all days. `progress` is told how many days of how many are done.
    """
    spells = departures.spells(departure=asked.departure, until=asked.until, known_by=None)
    days = grid(spells, asked)
    if days is None:
        return None
    rows = formulas.at_risk(spells, days.days)
    told = _valued(rows, metrics=metrics, days=days, progress=progress)
    settled_on = asked.until - DAY * asked.departure.settled_after_days
    return Replay(
        rows=_beside(told, until=asked.until),
        departed=formulas.departures(spells),
        metrics=tuple(metrics),
        days=tuple(days.days),
        settled_on=settled_on,
    )


def scored(replayed: Replay, card: Card) -> pl.DataFrame:
    """The card's points and band on every row that it applies to: account_id, as_of, points, band.

    What its conditions ask is as known by the end of each day too.
    """
    slugs = sorted(card.metrics)
    long = replayed.rows.select(*KEYS, *slugs).unpivot(
        on=slugs, index=KEYS, variable_name="metric", value_name="value"
    )
    reason = pl.when(pl.col("value").is_null()).then(pl.lit(scoring.NOT_MEASURED))
    told = long.with_columns(pl.col("value").cast(pl.Float64), reason=reason)
    asked = evaluation.table(told, evaluation.of_cards([card], days=replayed.days, known=THEN))
    if card.applies is not None:
        holds = nw.from_native(asked).filter(frames.holds(card.applies)).select(*KEYS)
        told = told.join(holds.to_native(), on=KEYS)
    facts = nw.from_native(asked.lazy()) if card.excepted_by else None
    judged = scoring.composite(scoring.parts(nw.from_native(told.lazy()), card, facts), card)
    found: pl.DataFrame = judged.select(*KEYS, "points", "band").to_native().collect()
    return found


def hindsight(replayed: Replay, *, metrics: Sequence[str]) -> pl.DataFrame:
    """The same days with the metrics as known now: account_id, as_of, one column a metric. One scan."""
    first, last = replayed.days[0], replayed.days[-1]
    step = (replayed.days[1] - first).days if len(replayed.days) > 1 else 1
    days = Grid(last, step, len(replayed.days))
    return _wide(values.evaluate(metrics=metrics, grid=days, known_by=None), metrics)


def acts(*, until: date) -> pl.DataFrame:
    """The days on which anybody of ours acted for an account: account_id, day."""
    told = ledger.events(until=end_of(until), names=ACTS, kind="fact")
    return EMBEDDED.collected(told.select("account_id", day=nw.col("at").dt.date())).unique()


def _wide(known: pl.DataFrame, metrics: Sequence[str]) -> pl.DataFrame:
    wide = known.pivot("metric", index=KEYS, values="value")
    missing = [pl.lit(None, pl.Float64).alias(slug) for slug in metrics if slug not in wide.columns]
    return wide.with_columns(missing).select(*KEYS, *metrics)


def _valued(rows: pl.DataFrame, *, metrics: Sequence[str], days: Grid, progress: Progress) -> pl.DataFrame:
    """The metrics as columns beside the rows, each day as known by its own end."""
    progress(0, days.count)
    known = values.replayed(metrics=metrics, grid=days)
    progress(days.count, days.count)
    return rows.join(_wide(known, metrics), on=KEYS, how="left").sort(KEYS)


def _beside(rows: pl.DataFrame, *, until: date) -> pl.DataFrame:
    """With what the naive rules go by and what groups the accounts."""
    used = departures.activity(until=until, known_by=None)
    recent = _recency(rows, used)
    signed = _signed(rows, departures.terms(known_by=None))
    accounts = Account.objects.values_list("pk", "tier", "industry")
    said = pl.DataFrame(
        list(accounts),
        schema={"account_id": pl.Int64, "tier": pl.String, "industry": pl.String},
        orient="row",
    )
    found = rows.join(recent, on=KEYS, how="left").join(signed, on=KEYS, how="left")
    touch = pl.col(TOUCH) if TOUCH in rows.columns else pl.lit(None, pl.Float64)
    return found.join(said, on="account_id", how="left").with_columns(
        pl.col("term").fill_null(NO_TERM),
        pl.col("tier").fill_null(""),
        pl.col("industry").fill_null(""),
        tenure=(pl.col("as_of") - pl.col("since")).dt.total_days().cast(pl.Float64),
        touch=touch,
    )


def _recency(rows: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Days since the last use that was known on the day."""
    told = used.select("account_id", "day", told_on=pl.max_horizontal("day", "known_on")).sort("told_on")
    last = told.with_columns(last=pl.col("day").cum_max().over("account_id"))
    asked = rows.select(KEYS).sort("as_of")
    near = asked.join_asof(
        last.select("account_id", "told_on", "last"),
        left_on="as_of",
        right_on="told_on",
        by="account_id",
        check_sortedness=False,
    )
    return near.select(*KEYS, recency=(pl.col("as_of") - pl.col("last")).dt.total_days().cast(pl.Float64))


def _signed(rows: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The ARR of the contracts of the day, and how long the one that ends last binds; by their last word."""
    open_ended = pl.col("end_date").is_null()
    active = (
        rows.select(KEYS)
        .join(terms, on="account_id")
        .filter(
            (pl.col("start_date") <= pl.col("as_of")) & (open_ended | (pl.col("as_of") < pl.col("end_date")))
        )
    )
    days = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    longest = active.group_by(KEYS).agg(
        arr=pl.when(pl.col("arr").is_not_null().any()).then(pl.col("arr").sum()),
        days=pl.when(open_ended.any()).then(None).otherwise(days.max()),
    )
    term = pl.lit("open-ended")
    for most, word in reversed(TERMS):
        term = pl.when(pl.col("days") <= most).then(pl.lit(word)).otherwise(term)
    return longest.select(*KEYS, "arr", term=term)
