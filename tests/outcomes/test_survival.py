"""The Kaplan-Meier estimate against published figures: remission under 6-MP (Freireich and others, Blood 21, 1963)."""

import pytest

from keepwell.outcomes.formulas import survival

CAME = [6, 6, 6, 7, 10, 13, 16, 22, 23]
LOOKED_AT = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
SPANS = [(days, True) for days in CAME] + [(days, False) for days in LOOKED_AT]


def test_the_curve_is_the_published_one() -> None:
    found = survival.estimate(SPANS)
    told = {step.days: round(step.share, 3) for step in found.steps}
    assert told == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert (found.all, found.came, found.median, found.low, found.high) == (21, 9, 23, 13, None)
    assert found.share_by(10) == pytest.approx(1 - 0.7529, abs=1e-4)


def test_the_interval_of_a_share_is_greenwood_s_on_the_log_log_scale() -> None:
    step = survival.estimate(SPANS).steps[0]
    assert (step.low, step.high) == (pytest.approx(0.620, abs=1e-3), pytest.approx(0.952, abs=1e-3))


def test_without_anybody_left_out_the_median_is_the_middle_one() -> None:
    found = survival.estimate([(days, True) for days in (10, 20, 30, 40, 50)])
    assert found.median == 30
    assert found.steps[-1].share == 0


def test_too_few_give_no_median_and_nobody_no_share() -> None:
    few = survival.estimate([(10, True), (20, True), (30, False)])
    assert (few.median, few.is_thin, few.share_by(10)) == (None, True, pytest.approx(1 / 3))
    assert survival.estimate([]).share_by(10) is None


def test_where_most_have_not_come_there_no_median_is_claimed() -> None:
    found = survival.estimate([(10, True)] * 6 + [(60, False)] * 20)
    assert (found.median, found.high) == (None, None)
    assert found.share_by(56) == pytest.approx(6 / 26)
