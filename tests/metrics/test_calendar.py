"""Days as numbers, and which asked day a day first counts for."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from keepwell.metrics.formulas import calendar
from tests.metrics import told

ANY = told.polars(pl.DataFrame({"nothing": [0]}))


@given(st.lists(st.dates(), min_size=1, max_size=20))
def test_a_day_has_the_number_that_python_gives_it(days: list[date]) -> None:
    frame = told.polars(pl.DataFrame({"day": days}, schema={"day": pl.Date}))
    numbers = frame.select(number=calendar.ordinal("day")).collect().to_native()["number"].to_list()
    assert numbers == [day.toordinal() for day in days]


def test_centuries_are_leap_years_by_four_hundred_only() -> None:
    days = [date(year, 3, 1) for year in (1900, 2000, 2100, 2400)]
    frame = told.polars(pl.DataFrame({"day": days}))
    numbers = frame.select(number=calendar.ordinal("day")).collect().to_native()["number"].to_list()
    assert numbers == [day.toordinal() for day in days]


@given(st.sets(st.integers(738_000, 738_366), min_size=1, max_size=8))
def test_each_day_first_counts_for_the_next_asked_day(asked: set[int]) -> None:
    rows = calendar.next_asked(ANY, sorted(asked)).collect().to_native()
    assert rows.height == max(asked) - min(asked) + 1
    for day, following in rows.iter_rows():
        assert following == min(other for other in asked if other >= day)


def test_a_window_holds_its_days_and_ends_with_the_asked_one_or_some_days_before() -> None:
    asked = [738_945, 738_948]
    for ago in (0, 28):
        rows = calendar.windows(ANY, asked, 28, ago=ago).collect().to_native()
        for day in asked:
            days = rows.filter(pl.col("asked") == day)["day"].sort().to_list()
            assert days == [day - ago - back for back in range(27, -1, -1)]
