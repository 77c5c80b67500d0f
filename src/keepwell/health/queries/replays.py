"""The company's own past as a scorecard would have seen it: each day as known then, those that left included."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import narwhals as nw
import polars as pl

from keepwell.health.card import Card
from keepwell.health.formulas import scoring
from keepwell.health.queries import evaluation
from keepwell.health.queries.kept import Columns
from keepwell.kernel.moments import DAY, Grid, end_of
from keepwell.ledger import frames as ledger
from keepwell.ledger import knowledge
from keepwell.ledger.engines import EMBEDDED
from keepwell.ledger.knowledge import THEN
from keepwell.ledger.queries import attributes, terms
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
GROUPS = ("tier", "industry")
MOST_ROWS, MOST_AT_ONCE = 100_000, 26
Progress = Callable[[str, int, int], None]


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
    """A row for each account on each day on which it was a customer; and who left when.

    The metrics of each row lie in `values` and, as known now, in `hindsight`. `settled_on` is the last day whose departures
    are certain.
    """

    rows: pl.DataFrame
    departed: pl.DataFrame
    days: tuple[date, ...]
    settled_on: date
    values: Columns
    hindsight: Columns


def grid(spells: pl.DataFrame, asked: Asked) -> Grid | None:
    """The days to replay: back from the last one to where the first customer begins, at most 104. None without customers."""
    if spells.is_empty():
        return None
    first: date = spells["since"].min()  # type: ignore[assignment] # a column of days has a day
    begin = max(first, asked.since or first)
    count = (asked.until - begin).days // asked.step_days + 1
    return Grid(asked.until, asked.step_days, min(count, MOST_DAYS)) if count > 0 else None


def replay(
    *, asked: Asked, metrics: Sequence[str], cards: Sequence[Card], folder: Path, progress: Progress
) -> Replay | None:
    """Who was a customer on each day, what the metrics and the cards said as known by its end, and the naive rules' numbers.

    Who left and when is told as known now: only what foretells must not know the future. One scan of the lake for the
    spells, one for use, one for the metrics of all days and one more for them as known now; some for contracts and
    attributes. Metrics are kept in `folder`, for all of them on all days are too many to hold. The columns points0, band0 …
    are what each of the cards said, what their conditions ask as known by the end of each day too. `progress` is told of
    what how many of how many are done.
    """
    spells = departures.spells(departure=asked.departure, until=asked.until, known_by=None)
    days = grid(spells, asked)
    if days is None:
        return None
    rows = formulas.at_risk(spells, days.days).sort("as_of", "account_id")
    kept, later = Columns(folder / "then"), Columns(folder / "now")
    at_once = max(1, min(MOST_AT_ONCE, MOST_ROWS // max(1, rows["account_id"].n_unique())))
    judging = [(card, evaluation.of_cards([card], days=days.days, known=THEN)) for card in cards]
    told = [
        _judged(beside, judging)
        for beside in _valued(rows, kept, metrics=metrics, days=days.days, at_once=at_once, progress=progress)
    ]
    for _ in _valued(rows, later, metrics=metrics, days=days.days, at_once=at_once, progress=progress):
        pass
    return Replay(
        rows=_beside(pl.concat(told), asked),
        departed=formulas.departures(spells),
        days=tuple(days.days),
        settled_on=asked.until - DAY * asked.departure.settled_after_days,
        values=kept,
        hindsight=later,
    )


def acts(*, until: date) -> pl.DataFrame:
    """The days on which anybody of ours acted for an account: account_id, day."""
    told = ledger.events(until=end_of(until), names=ACTS, kind="fact")
    return EMBEDDED.collected(told.select("account_id", day=nw.col("at").dt.date())).unique()


def _wide(known: pl.DataFrame, metrics: Sequence[str]) -> pl.DataFrame:
    wide = known.pivot("metric", index=KEYS, values="value")
    missing = [pl.lit(None, pl.Float64).alias(slug) for slug in metrics if slug not in wide.columns]
    return wide.with_columns(missing).select(*KEYS, *metrics)


def _valued(
    rows: pl.DataFrame,
    kept: Columns,
    *,
    metrics: Sequence[str],
    days: Sequence[date],
    at_once: int,
    progress: Progress,
) -> Iterator[pl.DataFrame]:
    """The rows with the metrics as columns, some days after the others; they are kept in the same order."""
    what = "days" if kept.folder.name == "then" else "days_again"
    progress(what, 0, len(days))
    found = values.in_turn(metrics=metrics, days=days, at_once=at_once, as_known_then=what == "days")
    for done, known in enumerate(found):
        some = days[done * at_once : (done + 1) * at_once]
        mine = rows.filter(pl.col("as_of").is_in(some))
        told = mine.join(_wide(known, metrics), on=KEYS, how="left", maintain_order="left")
        kept.add(told.select(metrics))
        progress(what, min((done + 1) * at_once, len(days)), len(days))
        yield told


def _judged(told: pl.DataFrame, judging: Sequence[tuple[Card, evaluation.Facts | None]]) -> pl.DataFrame:
    """The rows with what each card said, and the number of the rule that goes by our contact; without the metrics."""
    touch = pl.col(TOUCH) if TOUCH in told.columns else pl.lit(None, pl.Float64)
    rows = told.select(*KEYS, "since", "onset_on", "left_on", touch=touch)
    for place, (card, facts) in enumerate(judging):
        said = _scored(told, card, facts).rename({"points": f"points{place}", "band": f"band{place}"})
        rows = rows.join(said, on=KEYS, how="left", maintain_order="left")
    return rows


def _scored(told: pl.DataFrame, card: Card, facts: evaluation.Facts | None) -> pl.DataFrame:
    """The card's points and band on every row that it applies to: account_id, as_of, points, band."""
    slugs = sorted(card.metrics)
    long = told.select(*KEYS, *slugs).unpivot(
        on=slugs, index=KEYS, variable_name="metric", value_name="value"
    )
    reason = pl.when(pl.col("value").is_null()).then(pl.lit(scoring.NOT_MEASURED))
    known = long.with_columns(pl.col("value").cast(pl.Float64), reason=reason)
    asked = evaluation.table(known, facts)
    if card.applies is not None:
        holds = nw.from_native(asked).filter(frames.holds(card.applies)).select(*KEYS)
        known = known.join(holds.to_native(), on=KEYS)
    beside = nw.from_native(asked.lazy()) if card.excepted_by else None
    judged = scoring.composite(scoring.parts(nw.from_native(known.lazy()), card, beside), card)
    found: pl.DataFrame = judged.select(*KEYS, "points", "band").to_native().collect()
    return found


def _beside(rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """With what the naive rules go by and what groups the accounts, each day as known by its own end."""
    used = departures.activity(until=asked.until, known_by=None, departure=asked.departure)
    until = end_of(asked.until)
    keys = rows.select(KEYS)
    said = attributes.on_days(keys, names=GROUPS, changes=attributes.changes(names=GROUPS, known=THEN))
    signed = terms.on_days(keys, terms=terms.spans(until=until, known=THEN), day=asked.until)
    found = rows
    for more in (_recency(keys, used), signed.select(*KEYS, "arr"), _term(keys, until), said):
        found = found.join(more, on=KEYS, how="left", maintain_order="left")
    return found.with_columns(
        pl.col("term").fill_null(NO_TERM),
        *(pl.col(name).fill_null("") for name in GROUPS),
        tenure=(pl.col("as_of") - pl.col("since")).dt.total_days().cast(pl.Float64),
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


def _term(keys: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """How long the contract of the day binds, or the longest of several: account_id, as_of, term."""
    told = knowledge.contracts(THEN, until=until).collect()
    known = (pl.col("_from") <= pl.col("as_of")) & (
        pl.col("_until").is_null() | (pl.col("as_of") < pl.col("_until"))
    )
    last = (
        keys.join(told, on="account_id")
        .filter(known)
        .sort("at", "known_at")
        .group_by(*KEYS, "contract", maintain_order=True)
        .last()
    )
    open_ended = pl.col("end_date").is_null()
    active = last.filter(
        (pl.col("start_date") <= pl.col("as_of")) & (open_ended | (pl.col("as_of") < pl.col("end_date")))
    )
    days = (pl.col("end_date") - pl.col("start_date")).dt.total_days()
    longest = active.group_by(KEYS).agg(days=pl.when(open_ended.any()).then(None).otherwise(days.max()))
    term = pl.lit("open-ended")
    for most, word in reversed(TERMS):
        term = pl.when(pl.col("days") <= most).then(pl.lit(word)).otherwise(term)
    return longest.select(*KEYS, term=term)
