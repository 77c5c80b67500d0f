"""A planned question gives what the question itself gives, whatever rows it was planned with."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel import plans

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5)), max_size=8)


def _sums(tables: Mapping[str, plans.Frame], least: int) -> dict[str, plans.Frame]:
    """By account the sum of what is at least so much, beside its name; and how many rows there were at all."""
    rows = tables["rows"].filter(nw.col("amount") >= least)
    sums = rows.group_by("account").agg(nw.col("amount").sum())
    return {
        "sums": tables["names"].join(sums, on="account", how="left"),
        "count": tables["rows"].select(nw.len()),
    }


def _tables(rows: list[tuple[int, int]]) -> dict[str, pl.DataFrame]:
    schema = {"account": pl.Int64, "amount": pl.Int64}
    names = pl.DataFrame({"account": [0, 1, 2, 3], "name": ["Ash", "Birch", "Elm", "Willow"]})
    return {"rows": pl.DataFrame(rows, schema=schema, orient="row"), "names": names}


@given(first=ROWS, then=ROWS, least=st.integers(-3, 3))
def test_a_question_asked_again_is_answered_of_the_new_rows(
    first: list[tuple[int, int]], then: list[tuple[int, int]], least: int
) -> None:
    for rows in (first, then, first):
        tables = _tables(rows)
        planned = plans.answered(_sums, tables, least)
        lazy = {name: nw.from_native(table.lazy()) for name, table in tables.items()}
        for name, frame in _sums(lazy, least).items():
            asked = frame.to_native().collect()
            assert planned[name].sort(pl.all()).equals(asked.sort(pl.all())), name


def test_rows_with_other_columns_are_planned_anew() -> None:
    tables = _tables([(1, 2)])
    whole = plans.answered(_sums, tables, 0)["sums"]
    halves = tables | {"rows": tables["rows"].with_columns(pl.col("amount") / 4)}
    assert whole["amount"].to_list() == [None, 2, None, None]
    assert plans.answered(_sums, halves, 0)["sums"]["amount"].to_list() == [None, 0.5, None, None]


def test_a_question_that_fails_leaves_no_rows_behind_and_can_be_asked_again() -> None:
    def refused(tables: Mapping[str, plans.Frame]) -> dict[str, plans.Frame]:
        return {"days": tables["rows"].select(nw.col("said").cast(nw.Int64))}

    with pytest.raises(pl.exceptions.InvalidOperationError):
        plans.answered(refused, {"rows": pl.DataFrame({"said": ["Elm"]})})
    assert plans.answered(refused, {"rows": pl.DataFrame({"said": ["3"]})})["days"]["said"].to_list() == [3]


def test_several_may_ask_at_once() -> None:
    asked = [[(1, n), (2, -n)] for n in range(40)]
    with ThreadPoolExecutor(4) as several:
        found = list(several.map(lambda rows: plans.answered(_sums, _tables(rows), 1)["sums"], asked))
    assert [row["amount"].to_list()[1] for row in found] == [None, *range(1, 40)]
