"""The registry is the test plan: whatever is declared draws, says its finding, and has its figures in a table."""

import re

import altair as alt
import polars as pl
import pytest

from keepwell.charts.chart import Picture
from keepwell.charts.registry import CHARTS, Declared
from keepwell.charts.render import picture

EACH = pytest.mark.parametrize("declared", CHARTS.values(), ids=CHARTS)


def drawn(declared: Declared) -> Picture:
    return picture(declared.chart, declared.example())


@EACH
def test_a_chart_states_its_finding_and_keeps_its_figures(declared: Declared) -> None:
    found = drawn(declared)
    assert re.search(r"\d", found.title), "a title without a figure states no finding"
    assert len(found.table.rows) == declared.example().height
    assert all(len(row) == len(found.table.columns) for row in found.table.rows)


@EACH
def test_a_chart_wears_only_the_page_s_colours(declared: Declared) -> None:
    """One SVG serves light and dark, so every colour is a variable of the page."""
    for svg in filter(None, (drawn(declared).svg, drawn(declared).narrow_svg)):
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) - {"none", "transparent"}
        assert colours
        assert all(colour.startswith("var(--") for colour in colours), colours


@EACH
def test_a_chart_is_sound_vega_lite(declared: Declared) -> None:
    for width in declared.chart.widths:
        spec = declared.chart.spec(declared.example(), width=width)
        assert alt.LayerChart.from_dict(spec, validate=True).to_dict(validate=True)


@EACH
def test_a_chart_can_stand_in_a_page_with_a_strict_policy(declared: Declared) -> None:
    """No inline style, no script, and no id that two charts on a page could share."""
    svg = drawn(declared).svg
    assert " style=" not in svg
    assert "<script" not in svg
    assert " id=" not in svg


@EACH
def test_a_chart_says_which_column_is_missing(declared: Declared) -> None:
    with pytest.raises(ValueError, match=declared.chart.columns[-1]):
        picture(declared.chart, declared.example().drop(declared.chart.columns[-1]))


@EACH
def test_the_order_of_rows_changes_nothing(declared: Declared) -> None:
    frame = declared.example()
    assert picture(declared.chart, frame.reverse()) == picture(declared.chart, frame)


@EACH
def test_one_row_is_enough(declared: Declared) -> None:
    found = picture(declared.chart, declared.example().head(1))
    assert found.svg.startswith("<svg")
    assert len(found.table.rows) == 1


def test_weeks_without_a_score_break_the_line_and_keep_their_reach() -> None:
    declared = CHARTS["score-history"]
    frame = declared.example()
    unknown = frame.filter(pl.col("points").is_null()).height
    assert unknown
    line = re.search(r'aria-roledescription="line mark" d="([^"]+)"', drawn(declared).svg)
    assert line is not None
    assert line[1].count("M") == 2
    assert sum(row[1] == "unknown" for row in drawn(declared).table.rows) == unknown
