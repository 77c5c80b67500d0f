"""From a declared chart and its frame to a picture; the same figures are drawn once."""

import io
import json
from functools import lru_cache
from typing import Any

import altair as alt
import polars as pl
import vl_convert as vlc

from keepwell.charts import look
from keepwell.charts.chart import Chart, Picture, Spec
from keepwell.charts.look import CONFIG
from keepwell.kernel import speech

VEGA_LITE = "v" + ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def picture(chart: Chart, frame: pl.DataFrame) -> Picture:
    """Draw a chart, wide and narrow; refuses a frame without the declared columns.

    Drawing costs about a tenth of a second; what was drawn is kept by its content and language.
    """
    missing = [column for column in chart.columns if column not in frame.columns]
    if missing:
        raise ValueError(f'chart "{chart.slug}" wants the columns {", ".join(missing)}')
    content = io.BytesIO()
    frame.select(chart.columns).sort(chart.columns[0]).write_ipc(content)
    return _drawn(chart, content.getvalue(), speech.language())


def rows(values: list[dict[str, Any]]) -> alt.Data:
    """Plain rows as the data of a drawing."""
    return alt.Data(values=values)  # type: ignore[no-untyped-call] # Altair's own is not annotated


def finished(drawing: alt.Chart | alt.LayerChart | alt.FacetChart) -> Spec:
    """The Vega-Lite text of a drawing, in the one look; tests hold it to the schema, which costs as much again."""
    return {**drawing.to_dict(validate=False), "config": CONFIG}


@lru_cache(maxsize=512)
def _drawn(chart: Chart, content: bytes, language: str) -> Picture:
    frame = pl.read_ipc(io.BytesIO(content))
    wide, narrow = chart.widths
    return Picture(
        slug=chart.slug,
        title=chart.title(frame),
        note=chart.note(frame),
        svg=_svg(chart.spec(frame, width=wide), language),
        narrow_svg="" if narrow == wide else _svg(chart.spec(frame, width=narrow), language),
        table=chart.table(frame),
    )


def _svg(spec: Spec, language: str) -> str:
    return vlc.vegalite_to_svg(
        json.dumps(spec, default=str),
        vl_version=VEGA_LITE,
        format_locale=look.numbers(language),
        time_format_locale=look.calendar(language),
    )
