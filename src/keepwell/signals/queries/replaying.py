"""Conditions over the company's own past: each day answers from what was known by its end."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import narwhals as nw
import polars as pl

from keepwell.health.queries import cards, evaluation
from keepwell.health.queries import columns as standing
from keepwell.health.queries.cards import Span
from keepwell.kernel.moments import Grid, end_of
from keepwell.ledger.knowledge import THEN
from keepwell.ledger.queries import terms
from keepwell.metrics.conditions import frames, tree
from keepwell.metrics.conditions.tree import Condition, Leaf
from keepwell.metrics.queries import values
from keepwell.segments.formulas import windows
from keepwell.segments.queries import columns, vocabulary
from keepwell.segments.queries.vocabulary import METRIC

KEYS = ["account_id", "as_of"]
ALWAYS = "tenure_days"  # known of every account from its first day on
AT_ONCE = 26
SCORED = ("score.", "standing.")
Progress = Callable[[int, int], None]


def answers(conditions: Mapping[str, Condition], *, grid: Grid, progress: Progress) -> pl.DataFrame:
    """account_id, as_of and a nullable truth a condition, by name, of everybody who was a customer on the day.

    One pass over the lake for the metrics of all days, and one for each other kind of fact that is asked. Where health is
    asked, the cards in force now judge the past as it was known then; whether somebody had overridden them is not asked.
    """
    table = _asked(list(conditions.values()), grid, progress, None)
    told = {name: frames.holds(condition) for name, condition in conditions.items()}
    found: pl.DataFrame = (
        nw.from_native(table.lazy().filter(~pl.col("former"))).select(*KEYS, **told).collect().to_native()
    )
    return found


def rows(
    conditions: Sequence[Condition], *, grid: Grid, accounts: Collection[int] | None = None
) -> pl.DataFrame:
    """Every column that conditions ask about, of some accounts on the days on which they were there; else as `answers`."""
    return _asked(conditions, grid, lambda _done, _total: None, accounts)


def _asked(
    said: Sequence[Condition], grid: Grid, progress: Progress, accounts: Collection[int] | None
) -> pl.DataFrame:
    leaves = {leaf.column: leaf for condition in said for leaf in tree.leaves(condition)}
    scored = any(slug.startswith(SCORED) for slug in leaves)
    judging = _cards(grid.last) if scored else ()
    longest = max((leaf.in_days or 0 for leaf in leaves.values() if _looks_back(leaf)), default=0)
    days = Grid(grid.last, grid.step_days, grid.count + -(-longest // grid.step_days) + bool(longest)).days
    metrics = {ALWAYS, *(slug for one in said for slug in vocabulary.metrics_of(one))}
    metrics |= {slug for span in judging for version in span.versions for slug in version.card.metrics}
    history = _history(sorted(metrics), days, progress, accounts)
    return _table(history, said, list(leaves.values()), grid, judging, accounts)


def _looks_back(leaf: Leaf) -> bool:
    return windows.metric_of(leaf.subject.slug) is not None or leaf.subject.slug == standing.CHANGE


def _cards(day: date) -> tuple[Span, ...]:
    return (replace(cards.on(day), since=date.min),)


def _history(
    metrics: Sequence[str], days: Sequence[date], progress: Progress, accounts: Collection[int] | None
) -> pl.DataFrame:
    """The metrics of all days as known then: account_id, as_of, metric, value, reason."""
    progress(0, len(days))
    if accounts is not None:
        step = (days[1] - days[0]).days if len(days) > 1 else 1
        return values.replayed(metrics=metrics, grid=Grid(days[-1], step, len(days)), accounts=accounts)
    found = []
    in_turn = values.in_turn(metrics=metrics, days=days, at_once=AT_ONCE, as_known_then=True)
    for done, some in enumerate(in_turn, 1):
        found.append(some)
        progress(min(done * AT_ONCE, len(days)), len(days))
    return pl.concat(found)


def _table(
    history: pl.DataFrame,
    said: Sequence[Condition],
    leaves: Sequence[Leaf],
    grid: Grid,
    judging: tuple[Span, ...],
    accounts: Collection[int] | None,
) -> pl.DataFrame:
    """Every column that is asked about on the days of the grid."""
    here = history.filter(pl.col("as_of") >= grid.first)
    asked = here.filter(pl.col("metric") == ALWAYS).select(KEYS)
    held = columns.held(said, days=grid.days, known=THEN, accounts=accounts)
    own = [leaf for leaf in leaves if leaf.subject.slug.startswith((METRIC, *windows.PREFIXES, *SCORED))]
    others = tuple(leaf for leaf in held.leaves if leaf not in own)
    table = columns.table(asked, replace(held, leaves=others))
    for leaf in own:
        slug = leaf.subject.slug
        if slug.startswith(METRIC):
            measured = here.filter(pl.col("metric") == slug.removeprefix(METRIC))
            table = table.join(
                measured.select(*KEYS, pl.col("value").alias(leaf.column)), on=KEYS, how="left"
            )
        elif windows.metric_of(slug) is not None:
            table = windows.answered(table, history, leaf)
    if judging:
        table = _with_health(table, history, leaves, judging)
    return table


def _with_health(
    table: pl.DataFrame, history: pl.DataFrame, leaves: Sequence[Leaf], judging: tuple[Span, ...]
) -> pl.DataFrame:
    days = history["as_of"].unique().sort().to_list()
    facts = evaluation.facts(judging, days=days, known=THEN)
    metrics = evaluation.needed(judging)
    scores = evaluation.judged(
        history.filter(pl.col("metric").is_in(list(metrics))), judging, facts=facts
    ).select(*KEYS, "points", "band", "known_weight")
    named = scores.rename(
        {"points": "score.points", "band": "score.band", "known_weight": "score.known_weight"}
    )
    found = table.join(named, on=KEYS, how="left")
    for leaf in leaves:
        if leaf.subject.slug == standing.CHANGE:
            found = _with_change(found, scores, leaf)
    before = pl.col("band").shift(1).over("account_id")
    ordered = scores.sort(KEYS).with_columns(from_band=before)
    moves = ordered.filter(pl.col("from_band").is_not_null() & (pl.col("from_band") != pl.col("band")))
    stood = standing.moved(
        table,
        moves.select("account_id", "from_band", on="as_of", to_band="band"),
        scores.select(*KEYS, "band"),
    )
    return found.join(stood, on=KEYS, how="left")


def _with_change(table: pl.DataFrame, scores: pl.DataFrame, leaf: Leaf) -> pl.DataFrame:
    told = scores.select(*KEYS, metric=pl.lit("points"), value="points")
    like = replace(leaf, subject=replace(leaf.subject, slug=f"{windows.MOVE}points"))
    moved = windows.answered(table.select(KEYS), told, like).rename({like.column: leaf.column})
    return table.join(moved.select(*KEYS, leaf.column), on=KEYS, how="left")


def expansions(*, grid: Grid) -> pl.DataFrame:
    """The days of the grid on which a customer's ARR was higher than on the one before: account_id, on. As known now."""
    held = terms.spans(until=end_of(grid.last))
    accounts = held.sights["account_id"].unique().sort()
    days = pl.DataFrame({"as_of": grid.days}, schema={"as_of": pl.Date})
    asked = pl.DataFrame({"account_id": accounts}).join(days, how="cross")
    rows = terms.on_days(asked, terms=held, day=grid.last).sort(KEYS)
    before = pl.col("arr").shift(1).over("account_id")
    grew = rows.filter((before > 0) & (pl.col("arr") > before + 0.005))
    return grew.select("account_id", on="as_of")


def weeks_back(*, until: date, since: date | None, step_days: int, most: int = 104) -> Grid:
    """The days of a rehearsal: back from the last one, a year unless it is said since when."""
    begin = since or until - timedelta(days=364)
    return Grid(until, step_days, max(2, min(most, (until - begin).days // step_days + 1)))
