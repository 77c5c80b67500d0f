"""The line in a table row."""

import re

from keepwell.charts.sparkline import HEIGHT, sparkline

Y = re.compile(r"[ML][\d.]+ ([\d.]+)")


def test_a_gap_is_bridged_by_dots_and_not_by_the_line() -> None:
    svg = sparkline([70.0, None, 60.0, 50.0], band="yellow", label="Health")
    assert svg.count('class="gap"') == 1
    assert re.findall(r'<path d="([^"]+)"', svg)[0].count("M") == 2


def test_a_small_wobble_looks_small() -> None:
    heights = [float(y) for y in Y.findall(sparkline([70.0, 71.0], band="yellow", label="Health"))]
    assert max(heights) - min(heights) < HEIGHT / 20


def test_it_stays_inside_its_box() -> None:
    for points in ([0.0, 100.0], [0.0, 0.0], [100.0, 100.0], [3.0, None, 99.0]):
        heights = [float(y) for y in Y.findall(sparkline(points, band="red", label="Health"))]
        assert all(0 <= y <= HEIGHT for y in heights), (points, heights)


def test_it_says_what_it_shows() -> None:
    assert 'aria-label="Health: from 78 to 36"' in sparkline([78.0, 36.0], band="red", label="Health")
    assert 'aria-label="Health: no history"' in sparkline([None, None], band="unknown", label="Health")


def test_a_label_cannot_break_out() -> None:
    assert "<b>" not in sparkline([1.0], band="red", label='"><b>')
