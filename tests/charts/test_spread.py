"""The small histogram behind thresholds."""

import re

from keepwell.charts.spread import WIDTH, spread


def drawn(**given: object) -> str:
    usual = {"low": 0.0, "high": 100.0, "green": (True, 75.0), "red": (False, 25.0), "label": "Adoption"}
    return spread([1, 0, 4], **{**usual, **given})  # type: ignore[arg-type]


def test_bars_are_drawn_where_values_are() -> None:
    assert len(re.findall('class="bar"', drawn())) == 2


def test_the_grounds_begin_at_the_thresholds_and_stay_inside() -> None:
    green, red = re.findall(r'data-band="\w+" x="([\d.]+)" width="([\d.]+)"', drawn())
    assert tuple(map(float, green)) == (WIDTH * 0.75, WIDTH * 0.25)
    assert tuple(map(float, red)) == (0, WIDTH * 0.25)
    ((_, width),) = re.findall(
        r'data-band="\w+" x="([\d.]+)" width="([\d.]+)"', drawn(green=None, red=(True, -9.0))
    )
    assert float(width) == WIDTH


def test_a_label_cannot_break_out_and_one_value_is_no_division_by_zero() -> None:
    assert "<b>" not in drawn(label='"><b>')
    assert drawn(low=5.0, high=5.0).startswith("<svg")
