"""The lines of a slide, on paper: each labelled at its end."""

from dataclasses import dataclass

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import figure

COLOURS = (look.ACCENT, "var(--ink-faint)", "var(--warn)", "var(--good)")


@dataclass(frozen=True)
class DeckLines:
    """One row a value: `place` along the line, its `label`, the `series` it belongs to, and the value, null where unknown."""

    about: str
    slug: str = "deck-lines"
    columns: tuple[str, ...] = ("place", "label", "series", "value")
    widths: tuple[int, int] = (760, 400)

    def title(self, frame: pl.DataFrame) -> str:
        """What is drawn, from where to where."""
        known = frame.sort("place").drop_nulls("value")["value"].to_list()
        if not known:
            return speech.told("%(about)s: not known", about=self.about)
        return speech.told(
            "%(about)s: from %(first)s to %(last)s",
            about=self.about,
            first=figure(known[0]),
            last=figure(known[-1]),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """Nothing: the slide says it."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Lines with about six days below them."""
        told = frame.sort("place")
        names = told["series"].unique(maintain_order=True).to_list()
        labels = told.filter(pl.col("series") == names[0])["label"].to_list() if names else []
        every = max(1, round(len(labels) / 6))
        axis = alt.Axis(values=labels[::every], labelAngle=0, title=None, domain=True, domainColor=look.LINE)
        x = alt.X("label:N", sort=None, axis=axis, scale=alt.Scale(type="point", padding=0.5))
        y = alt.Y("value:Q", scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4, title=None))
        scale = alt.Scale(domain=names, range=list(COLOURS[: len(names)]))
        base = alt.Chart(rows(told.to_dicts())).encode(
            x=x, y=y, color=alt.Color("series:N", scale=scale, legend=None)
        )
        known = told.drop_nulls("value").group_by("series", maintain_order=True).last()
        ends = [
            row | {"told": figure(row["value"]) if len(names) == 1 else row["series"]}
            for row in known.to_dicts()
        ]
        said = alt.Chart(rows(ends)).mark_text(align="right", dy=-10, fontWeight=600)
        end = said.encode(x=x, y=y, text="told:N", color=alt.Color("series:N", scale=scale, legend=None))
        return finished(alt.layer(base.mark_line(), end).properties(width=width - 50, height=300))

    def table(self, frame: pl.DataFrame) -> Table:
        """The figures as they are."""
        values = frame.sort("place").select("label", "series", "value").iter_rows()
        return Table(
            ("Label", "Series", "Value"),
            tuple((label, series, "–" if v is None else figure(v)) for label, series, v in values),
        )
