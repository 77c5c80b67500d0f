"""From a declared chart and its frame to a picture; the same figures are drawn once."""

import json
from functools import lru_cache
from typing import Any

import altair as alt
import polars as pl
import vl_convert as vlc

from keepwell.charts.chart import Chart, Picture, Spec
from keepwell.charts.look import CONFIG

VEGA_LITE = "v" + ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def picture(chart: Chart, frame: pl.DataFrame) -> Picture:
    """Draw a chart, wide and narrow; refuses a frame without the declared columns."""
    missing = [column for column in chart.columns if column not in frame.columns]
    if missing:
        raise ValueError(f'chart "{chart.slug}" wants the columns {", ".join(missing)}')
    wide, narrow = (_svg(_text(chart.spec(frame, width=width))) for width in chart.widths)
    return Picture(chart.slug, chart.title(frame), chart.note(frame), wide, narrow, chart.table(frame))


def rows(values: list[dict[str, Any]]) -> alt.Data:
    """Plain rows as the data of a drawing."""
    return alt.Data(values=values)  # type: ignore[no-untyped-call] # Altair's own is not annotated


def finished(drawing: alt.Chart | alt.LayerChart | alt.FacetChart) -> Spec:
    """The Vega-Lite text of a drawing, in the one look."""
    return {**drawing.to_dict(), "config": CONFIG}


def _text(spec: Spec) -> str:
    return json.dumps(spec, sort_keys=True, default=str)


@lru_cache(maxsize=512)
def _svg(spec: str) -> str:
    """The picture of a specification; kept by its content, about ten kilobytes each."""
    return vlc.vegalite_to_svg(spec, vl_version=VEGA_LITE)
