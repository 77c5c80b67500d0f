"""From states on stored days to spans of days. Frames in, frame out."""

import polars as pl

STATE = (
    pl.when(pl.col("holds")).then(pl.lit("member")).when(pl.col("holds").is_null()).then(pl.lit("unknown"))
)


def turns(answers: pl.DataFrame) -> pl.DataFrame:
    """The days on which an account's state is another than on its day before: account_id, as_of, state.

    `answers` has account_id, as_of and holds (true, false, or null for what cannot be told). The first day of each account
    is always there; state is member, unknown, or empty for no member.
    """
    states = answers.sort("account_id", "as_of").select(
        "account_id", "as_of", state=STATE.otherwise(pl.lit(""))
    )
    before = pl.col("state").shift(1).over("account_id")
    return states.filter(before.is_null() | (before != pl.col("state")))
