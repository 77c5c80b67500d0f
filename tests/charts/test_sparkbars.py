"""The bars in a table row."""

import re

from keepwell.charts.sparkbars import HEIGHT, sparkbars


def heights(counts: list[int]) -> list[float]:
    return [float(h) for h in re.findall(r'height="([\d.]+)"/>', sparkbars(counts, label="Events"))]


def test_bars_stand_on_zero_inside_their_box_and_nothing_is_hardly_there() -> None:
    nil, half, whole = heights([0, 50, 100])
    assert whole == HEIGHT
    assert half == HEIGHT / 2
    assert 0 < nil < 1


def test_a_flood_does_not_flatten_the_other_days() -> None:
    assert heights([100, 100, 100, 1_000_000])[0] == HEIGHT / 4


def test_it_says_what_it_shows_and_a_label_cannot_break_out() -> None:
    assert 'aria-label="Events: 2 of at most 9 a day"' in sparkbars([9, 2], label="Events")
    assert 'aria-label="Events: none"' in sparkbars([0, 0], label="Events")
    assert sparkbars([], label="Events").startswith("<svg")
    assert "<b>" not in sparkbars([1], label='"><b>')
