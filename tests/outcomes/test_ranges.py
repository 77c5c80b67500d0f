"""Ranges: whatever lies in them stays in what is made of them; an input that is not known makes the value unknown."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.outcomes import quarters
from keepwell.outcomes.formulas import ranges, valuing
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.formulas.valuing import Factor

FIGURES = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def some(draw: st.DrawFn) -> Range:
    return Range(*sorted(draw(st.tuples(FIGURES, FIGURES, FIGURES))))


@st.composite
def inside(draw: st.DrawFn) -> tuple[Range, float]:
    """A range and a figure that lies in it."""
    low, likely, point, high = sorted(draw(st.tuples(FIGURES, FIGURES, FIGURES, FIGURES)))
    return Range(low, likely, high), point


def holds(found: Range, point: float) -> bool:
    slack = 1e-9 * max(1.0, abs(found.low), abs(found.high))
    return found.low - slack <= point <= found.high + slack


@given(st.lists(inside(), max_size=6))
def test_the_product_of_any_figures_in_ranges_is_in_their_product(parts: list[tuple[Range, float]]) -> None:
    whole = 1.0
    for _, point in parts:
        whole *= point
    found = ranges.product(one for one, _ in parts)
    assert holds(found, whole)
    assert found.low <= found.likely <= found.high


@given(st.lists(some(), min_size=1, max_size=4))
def test_the_bounds_of_a_product_are_reached_by_bounds(parts: list[Range]) -> None:
    corners = []
    for chosen in product(*((one.low, one.high) for one in parts)):
        whole = 1.0
        for figure in chosen:
            whole *= figure
        corners.append(whole)
    found = ranges.product(parts)
    assert found.low == pytest.approx(min(corners), rel=1e-12)
    assert found.high == pytest.approx(max(corners), rel=1e-12)


@given(inside(), inside())
def test_differences_and_sums_hold_those_of_any_figures(
    one: tuple[Range, float], other: tuple[Range, float]
) -> None:
    assert holds(ranges.minus(one[0], other[0]), one[1] - other[1])
    assert holds(ranges.total([one[0], other[0]]), one[1] + other[1])
    assert ranges.total([one[0], other[0]]) == ranges.total([other[0], one[0]])


@given(some(), st.floats(0.01, 1e6))
def test_over_a_cost_keeps_the_order_and_no_cost_gives_none(one: Range, cost: float) -> None:
    found = ranges.over(one, cost)
    assert found is not None
    assert found.low <= found.likely <= found.high
    assert ranges.over(one, 0.0) is None
    assert ranges.over(one, -1.0) is None


def test_a_range_out_of_order_is_our_bug() -> None:
    with pytest.raises(ValueError, match="no range"):
        Range(2, 1, 3)


@given(st.lists(some(), min_size=1, max_size=5), st.integers(0, 4))
def test_one_unknown_input_makes_the_value_unknown_and_is_named(parts: list[Range], place: int) -> None:
    factors = [Factor(f"in-{number}", one) for number, one in enumerate(parts)]
    at = place % len(factors)
    factors[at] = Factor(f"in-{at}", None, missing="not_measured")
    found = valuing.value(factors)
    assert found.range is None
    assert found.missing == ((f"in-{at}", "not_measured"),)


def test_only_what_lies_beyond_the_baseline_counts() -> None:
    hours, price = Range(30, 30, 30), Range(40, 50, 60)
    before = Range(45, 50, 55)
    fell = valuing.value([Factor("hours", hours, "fall", before), Factor("price", price)])
    assert fell.range == Range(15 * 40, 20 * 50, 25 * 60)
    rose = valuing.value([Factor("hours", hours, "rise", before), Factor("price", price)])
    assert rose.range == Range(-25 * 60, -20 * 50, -15 * 40)  # worse than before is told as such
    lacking = valuing.value([Factor("hours", hours, "fall"), Factor("price", price)])
    assert (lacking.range, lacking.missing) == (None, (("hours", "no_baseline"),))
    assert valuing.value([]).range is None


def test_quarters_are_read_and_follow_each_other() -> None:
    found = quarters.read("2026-Q2")
    assert (str(found.since), str(found.until), found.slug, found.days) == (
        "2026-04-01", "2026-06-30", "2026-Q2", 91,
    )  # fmt: skip
    assert [one.slug for one in quarters.last(found.until, 3)] == ["2025-Q4", "2026-Q1", "2026-Q2"]
    assert quarters.read("2026q4").until.isoformat() == "2026-12-31"
    for wrong in ("2026", "2026-Q5", "soon", "0001-Q1"):
        with pytest.raises(quarters.Invalid):
            quarters.read(wrong)
