"""The bars of a slide, on paper: each with its figure at its end."""

from dataclasses import dataclass

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import figure


@dataclass(frozen=True)
class DeckBars:
    """One row a bar in the order of `place`: its `label`, its `series` (one alone is drawn) and its value."""

    about: str
    slug: str = "deck-bars"
    columns: tuple[str, ...] = ("place", "label", "series", "value")
    widths: tuple[int, int] = (760, 400)

    def title(self, frame: pl.DataFrame) -> str:
        """What is drawn, and the most of it."""
        known = frame.drop_nulls("value").sort("value", "place", descending=[True, False])
        if known.is_empty():
            return speech.told("%(about)s: not known", about=self.about)
        first = known.row(0, named=True)
        return f"{self.about}: {first['label']} {figure(first['value'])}"

    def note(self, frame: pl.DataFrame) -> str:
        """Nothing: the slide says it."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bars from zero, the first on top."""
        told = [
            row | {"told": "–" if row["value"] is None else figure(row["value"])}
            for row in frame.sort("place").to_dicts()
        ]
        y = alt.Y(
            "label:N",
            sort=None,
            axis=alt.Axis(
                title=None,
                labelLimit=round(width * 0.4),
                domain=True,
                domainColor=look.LINE,
                ticks=False,
                grid=False,
            ),
        )
        x = alt.X("value:Q", scale=alt.Scale(zero=True, nice=True), axis=None)
        base = alt.Chart(rows(told)).encode(x=x, y=y)
        bars = base.mark_bar(color=look.ACCENT, height={"band": 0.6})
        said = base.mark_text(align="left", dx=5).encode(text="told:N")
        height = max(60, 44 * frame.height)
        return finished(alt.layer(bars, said).properties(width=round(width * 0.5), height=min(height, 300)))

    def table(self, frame: pl.DataFrame) -> Table:
        """The figures as they are."""
        values = frame.sort("place").select("label", "value").iter_rows()
        return Table(
            ("Label", "Value"), tuple((label, "–" if v is None else figure(v)) for label, v in values)
        )
