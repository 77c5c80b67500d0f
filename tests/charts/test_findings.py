"""What charts say in words."""

from datetime import date, timedelta

import polars as pl
import pytest

from keepwell.charts.part_history import PartHistory
from keepwell.charts.score_history import ScoreHistory
from keepwell.charts.usage_history import UsageHistory

FIRST = date(2026, 1, 4)
HEALTH = ScoreHistory(watch_from=50, healthy_from=75)


def scores(*points: float | None) -> pl.DataFrame:
    days = [FIRST + timedelta(weeks=week) for week in range(len(points))]
    full = [100.0] * len(points)
    return pl.DataFrame(
        {
            "as_of": days,
            "points": pl.Series(points, dtype=pl.Float64),
            "band": ["unknown" if value is None else "yellow" for value in points],
            "low": pl.Series(points, dtype=pl.Float64),
            "high": pl.Series(points, dtype=pl.Float64),
            "known_weight": full,
        }
    )


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ((80, 70, 60), "Health fell from 80 to 60 in 2 weeks"),
        ((60, 80), "Health rose from 60 to 80 in 1 week"),
        ((90, *[40] * 6, 55, 50, 35), "Health fell from 90 to 35 in 9 weeks"),
        ((90, *[55] * 14, 45, 35), "Health fell from 55 to 35 in 2 weeks"),
        ((80, 30, 50), "Health rose from 30 to 50 in 1 week"),
        ((20, *[55] * 14), "Health has been steady near 55 for 13 weeks"),
        ((None, 61, 60), "Health has been steady near 60 for 1 week"),
        ((60,), "Health is 60; there is no history yet"),
        ((None, None), "Health has not been known yet"),
    ],
)
def test_the_score_s_title_is_its_story(points: tuple[float | None, ...], said: str) -> None:
    assert HEALTH.title(scores(*points)) == said


def test_a_part_that_was_never_known_says_so() -> None:
    frame = pl.DataFrame({"as_of": [FIRST], "value": pl.Series([None], dtype=pl.Float64)})
    assert PartHistory("NPS", "NPS", floor=None).title(frame) == "NPS: not known yet"


def test_a_steady_part_is_called_steady() -> None:
    days = [FIRST, FIRST + timedelta(weeks=1)]
    frame = pl.DataFrame({"as_of": days, "value": [12.0, 12.0]})
    assert PartHistory("Active people", "people").title(frame) == "Active people: steady at 12 people"


def usage(*counts: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"week": [FIRST + timedelta(weeks=week) for week in range(len(counts))], "count": counts}
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((12, 12, 12, 12, 0, 0, 0, 0), "No people in the last four weeks, down from 12 a week"),
        ((1, 0, 0, 0, 0, 0, 0, 0), "No people in the last four weeks"),
        ((1, 1, 1, 1), "1 person a week"),
        ((0, 0, 0, 0, 1, 0, 1, 0), "Fewer than one person a week"),
        ((0, 0, 0, 0), "No people yet"),
    ],
)
def test_few_people_are_counted_in_words(counts: tuple[int, ...], said: str) -> None:
    assert UsageHistory("people").title(usage(*counts)) == said


def test_usage_is_compared_with_the_four_weeks_before() -> None:
    weeks = [FIRST + timedelta(weeks=week) for week in range(8)]
    frame = pl.DataFrame({"week": weeks, "count": [100] * 4 + [50] * 4})
    assert UsageHistory("events").title(frame) == (
        "About 50 events a week, 50 % fewer than the four weeks before"
    )
