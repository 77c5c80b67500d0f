"""The small values that components print."""

from datetime import UTC, datetime, timedelta

from keepwell.faces.components.marks import ClockMark, Delta, ScoreMark

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_score_with_unknown_parts_says_what_it_could_be() -> None:
    mark = ScoreMark.of(points=61.4, slug="yellow", known_weight=80, low=49.1, high=69.1)
    assert (mark.points, mark.known, mark.reach, mark.is_partial) == ("61", 80, "49–69", True)


def test_a_fully_known_score_has_no_reach() -> None:
    mark = ScoreMark.of(points=84, slug="green", known_weight=100, low=84, high=84)
    assert mark.reach == ""
    assert not mark.is_partial


def test_an_unknown_score_is_never_zero() -> None:
    mark = ScoreMark.of(points=None, slug="unknown", known_weight=35, low=12, high=77)
    assert mark.points == "–"
    assert mark.band.word == "Unknown"


def test_a_clock_runs_grows_short_runs_over_and_stops() -> None:
    def state(hours: float, stopped: timedelta | None = None) -> str:
        stopped_at = None if stopped is None else NOW + stopped
        return ClockMark.of(due_at=NOW + hours * HOUR, now=NOW, stopped_at=stopped_at).state

    assert [state(31), state(3), state(0), state(-2), state(3, -HOUR)] == [
        "running",
        "short",
        "over",
        "over",
        "stopped",
    ]


def test_a_stopped_clock_says_whether_it_was_in_time() -> None:
    late = ClockMark.of(due_at=NOW - HOUR, now=NOW, stopped_at=NOW)
    assert late.words.replace("\u00a0", " ") == "Closed 1 h late"
    assert ClockMark.of(due_at=NOW, now=NOW, stopped_at=NOW - HOUR).words == "Closed in time"


def test_a_change_below_half_a_point_is_none() -> None:
    small = Delta.of(0.4, "")
    assert small is not None
    assert (small.by, small.sign) == ("0", "same")
    assert Delta.of(None, "whatever") is None
