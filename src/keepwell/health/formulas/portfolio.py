"""What an account adds to the figures of a book: its bands over time, its moves between them, its renewal, its cadence.

A book's figures are sums of these over its accounts, so that one account's news costs as much as the account itself.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from keepwell.kernel.moments import DAY

WEEKS = 26
PERIODS = (1, 4, 13)
ABSENT, LEFT = "-", "x"  # without a score yet; left
LETTERS = {"green": "g", "yellow": "y", "red": "r", "unknown": "u"}
WORDS = {letter: band for band, letter in LETTERS.items()}
BANDS = WORDS | {ABSENT: "none"}
NO_RENEWAL = date(2199, 12, 31)
WELL, PARTLY = 80.0, 50.0
COUNTED = ("owners", "facet", "day", "a", "b")


def days(as_of: date) -> list[date]:
    """The Sundays of half a year before a day, and the day, ascending."""
    sunday = as_of - DAY * (as_of.weekday() + 1)
    return [*(sunday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)), as_of]


def place(as_of: date, weeks: int) -> int:
    """Where among the days the last one stands that is at least so many weeks ago."""
    return max(i for i, day in enumerate(days(as_of)) if day <= as_of - timedelta(weeks=weeks))


def knowledge(known_weight: pl.Expr) -> pl.Expr:
    """How much of what health asks is known: well, partly, hardly; unknown without a score."""
    told = pl.when(known_weight >= WELL).then(pl.lit("well")).when(known_weight >= PARTLY)
    return (
        told.then(pl.lit("partly"))
        .when(known_weight.is_not_null())
        .then(pl.lit("hardly"))
        .otherwise(pl.lit("unknown"))
    )


def stake(arr: pl.Expr, blind: pl.Expr) -> pl.Expr:
    """The share of an ARR that rests on what is not known, of a share (%) of blind weight."""
    return arr * blind / 100.0


def contributions(paths: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """What accounts add: owners, facet, day, a, b, accounts, unpriced, cents; one row a figure that they are part of.

    `paths` has owners, bands (a letter a day), arrs (a list as long), renews, cadence, known, card, scored, blind. Facets: band
    (a: band of the day), move (day: from when on; a to b), renewal (day: first of the month; a: band), cadence and known (a:
    state, b: band), card (a: scorecard, b: band of the score), blind (a: blind or whole; cents are the blind share of the ARR).
    """
    grid = days(as_of)
    rows = paths.select(
        "owners",
        "renews",
        "cadence",
        "known",
        "card",
        "scored",
        "blind",
        letters=pl.col("bands").str.replace_all(LEFT, ABSENT, literal=True).str.split(""),
        arrs=pl.col("arrs"),
    )
    now, worth = pl.col("letters").list.get(-1), pl.col("arrs").list.get(-1)
    daily = (
        rows.select("owners", day=pl.lit(grid), a="letters", arr="arrs")
        .explode("day", "a", "arr")
        .select("owners", "day", "a", "arr", facet=pl.lit("band"), b=pl.lit(""))
    )
    present = rows.filter(now != ABSENT)
    scored = rows.filter(pl.col("card") != "")
    month = pl.col("renews").dt.truncate("1mo")
    facts = [
        daily.filter(pl.col("a") != ABSENT),
        present.select(
            "owners",
            day=month.fill_null(NO_RENEWAL),
            a=now,
            arr=worth,
            facet=pl.lit("renewal"),
            b=pl.lit(""),
        ),
        *(
            present.select(
                "owners", day=pl.lit(as_of), a=pl.col(state), arr=worth, facet=pl.lit(state), b=now
            )
            for state in ("cadence", "known")
        ),
        scored.select(
            "owners", day=pl.lit(as_of), a=pl.col("card"), arr=worth, facet=pl.lit("card"), b=pl.col("scored")
        ),
        scored.select(
            "owners",
            day=pl.lit(as_of),
            a=pl.when(pl.col("blind") > 0).then(pl.lit("blind")).otherwise(pl.lit("whole")),
            arr=stake(worth, pl.col("blind")),
            facet=pl.lit("blind"),
            b=pl.lit(""),
        ),
        *(_moves(rows, grid, place(as_of, weeks)) for weeks in PERIODS),
    ]
    told = pl.concat([fact.select(*COUNTED, "arr") for fact in facts])
    return _counted(told)


def _moves(rows: pl.DataFrame, grid: Sequence[date], at: int) -> pl.DataFrame:
    before, now = pl.col("letters").list.get(at), pl.col("letters").list.get(-1)
    worth = pl.when(now != ABSENT).then(pl.col("arrs").list.get(-1)).otherwise(pl.col("arrs").list.get(at))
    moved = rows.filter((before != ABSENT) | (now != ABSENT))
    return moved.select("owners", day=pl.lit(grid[at]), a=before, b=now, arr=worth, facet=pl.lit("move"))


def _counted(told: pl.DataFrame) -> pl.DataFrame:
    cents = (pl.col("arr") * 100).round().cast(pl.Int64)
    return told.group_by(*COUNTED).agg(
        accounts=pl.len().cast(pl.Int64),
        unpriced=pl.col("arr").is_null().sum().cast(pl.Int64),
        cents=cents.sum(),
    )
