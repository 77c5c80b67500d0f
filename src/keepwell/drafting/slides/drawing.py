"""Charts of PowerPoint's own kind: whoever gets the deck can open their figures and change them."""

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from keepwell.drafting.slides.deck import Graph
from keepwell.drafting.typesetting import COLOURS

SMALL = Pt(12)
QUIET, LINE = (RGBColor.from_string(COLOURS[name][1:].upper()) for name in ("ink-quiet", "line"))
PALETTE = (
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.ACCENT_5,
    MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_2,
)
DAY = "d mmm"
KINDS = {"lines": XL_CHART_TYPE.LINE, "bars": XL_CHART_TYPE.BAR_CLUSTERED}


def drawn(shapes: Any, graph: Graph, box: tuple[int, int, int, int]) -> Any:
    """Put a chart into a box (left, top, width, height in EMU). Each line is labelled at its end, each bar with its figure."""
    data = CategoryChartData(number_format=graph.number_format)
    data.categories = list(graph.labels)
    for series in graph.series:
        data.add_series(series.name, list(series.values))
    shape = shapes.add_chart(KINDS[graph.kind], *box, data)
    chart = shape.chart
    chart.font.size, chart.font.color.rgb = SMALL, QUIET
    chart.has_title = False
    chart.has_legend = len(graph.series) > 1 and graph.kind == "bars"
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _axes(chart, graph)
    for number, (series, told) in enumerate(zip(chart.plots[0].series, graph.series, strict=True)):
        colour = PALETTE[number % len(PALETTE)]
        if graph.kind == "lines":
            _line(series, colour, told.name, told.values, alone=len(graph.series) == 1)
        else:
            _bar(series, colour, graph.number_format)
    _numbered(chart)
    _named(shape, graph)
    return shape


def _axes(chart: Any, graph: Graph) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.has_major_gridlines = graph.kind == "lines"
    values.visible = graph.kind == "lines"
    values.minimum_scale = 0 if _all_positive(graph) else None
    values.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = graph.number_format, False
    values.format.line.fill.background()
    names.format.line.color.rgb = LINE
    if graph.kind == "lines":
        names.tick_labels.number_format, names.tick_labels.number_format_is_linked = DAY, False
        _by_month(names)
        values.major_gridlines.format.line.color.rgb = LINE
    else:
        names.reverse_order = True  # the first name on top, as it is read
        chart.plots[0].gap_width = 60


def _by_month(axis: Any) -> None:
    """A label a month below a line of days."""
    last = axis._element.find("{*}lblOffset")
    for name, value in (("majorTimeUnit", "months"), ("majorUnit", "1"), ("baseTimeUnit", "days")):
        for old in axis._element.findall(f"{{*}}{name}"):
            axis._element.remove(old)
        last.addnext(parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>'))


def _all_positive(graph: Graph) -> bool:
    return all(value >= 0 for series in graph.series for value in series.values if value is not None)


def _line(series: Any, colour: Any, name: str, values: tuple[float | None, ...], *, alone: bool) -> None:
    series.smooth = False
    series.format.line.width, series.format.line.color.theme_color = Pt(2.5), colour
    series.marker.style = XL_MARKER_STYLE.NONE
    known = [number for number, value in enumerate(values) if value is not None]
    if not known:
        return
    label = series.points[known[-1]].data_label
    label.position = XL_LABEL_POSITION.ABOVE
    frame = label.text_frame
    frame.text = f"{values[known[-1]]:,.4g}" if alone else name
    run = frame.paragraphs[0].runs[0].font
    run.size, run.bold, run.color.theme_color = SMALL, True, colour


def _bar(series: Any, colour: Any, number_format: str) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.theme_color = colour
    series.invert_if_negative = False
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, number_format, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = SMALL


def _named(shape: Any, graph: Graph) -> None:
    """What a screen reader says of the chart."""
    shape.name = graph.title
    shape._element.nvGraphicFramePr.cNvPr.set("descr", graph.title)


def _numbered(chart: Any) -> None:
    """Axes by positive numbers, as the standard has them: of bars the library writes others."""
    for element in chart._chartSpace.iter("{*}axId", "{*}crossAx"):
        element.set("val", str(abs(int(element.get("val")))))
