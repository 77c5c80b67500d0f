"""Figures with their intervals, one a row: how sure is each, and do they reach the line of chance."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import shared

ROW = 30
FIGURES = 52


@dataclass(frozen=True)
class Whiskers:
    """One row a figure in the order of `place`; `kind` is own, rival or a band; a null `value` is told in words alone.

    `line` is where chance or the mean lies, `name` what the figures are; `finding` is the title.
    """

    finding: str
    name: str
    line: float
    least: float = 0.0
    most: float = 1.0
    is_percent: bool = False
    said: str = ""
    slug: str = "whiskers"
    columns: tuple[str, ...] = ("place", "label", "value", "low", "high", "kind")
    widths: tuple[int, int] = (720, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The finding."""
        return self.finding

    def note(self, frame: pl.DataFrame) -> str:
        """How to read it."""
        return self.said

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A line for chance, whiskers, dots, and the figures beside them."""
        data = rows(self._prepared(frame))
        is_wide = width > 500
        names = 190 if is_wide else 116
        plot = width - names - FIGURES - 26
        y = alt.Y(
            "label:N",
            sort=alt.EncodingSortField("place"),
            axis=alt.Axis(labelLimit=names, labelColor=look.INK, grid=False),
        )
        scale = alt.Scale(domain=[self.least, self.most], clamp=True)
        axis = alt.Axis(
            format="~%" if self.is_percent else "~g",
            grid=True,
            gridColor=look.LINE,
            tickCount=5 if is_wide else 3,
        )
        x = alt.X("value:Q", scale=scale, axis=axis)
        base = alt.Chart(data).encode(y=y)
        known = base.transform_filter("isValid(datum.value)")
        color = alt.Color("ink:N", scale=None)
        reach = known.mark_rule(strokeWidth=2, opacity=0.75).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", color=color
        )
        dot = known.mark_circle(size=70, opacity=1).encode(x=x, color=color, description="told:N")
        words = base.mark_text(align="left", dx=6, fontSize=11, color=look.QUIET).encode(
            x=alt.value(plot + 2), text="figures:N"
        )
        mean = (
            alt.Chart(rows([{"at": self.line}]))
            .mark_rule(strokeDash=[3, 3], color=look.FAINT)
            .encode(x=alt.X("at:Q", scale=scale))
        )
        layers = alt.layer(mean, reach, dot, words)
        room = {
            "left": 14,
            "right": 5,
            "top": 5,
            "bottom": 5,
        }  # fonts differ in width from those that were measured with
        return finished(layers.properties(width=plot, height=ROW * max(frame.height, 1), padding=room))

    def table(self, frame: pl.DataFrame) -> Table:
        """In order."""
        told = self._prepared(frame)
        return Table(
            ("", self.name, speech.told("95 % interval")),
            tuple((row["label"], self._figure(row["value"]), self._interval(row)) for row in told),
        )

    def _figure(self, value: float | None) -> str:
        if value is None:
            return speech.told("too few")
        return shared(100 * value) if self.is_percent else f"{value:.2f}"

    def _interval(self, row: dict[str, Any]) -> str:
        if row["low"] is None or row["high"] is None:
            return ""
        return speech.told(
            "%(low)s to %(high)s", low=self._figure(row["low"]), high=self._figure(row["high"])
        )

    def _prepared(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        told = frame.sort("place").to_dicts()
        for row in told:
            row["ink"] = {"own": look.ACCENT, "rival": look.QUIET}.get(
                row["kind"], look.BAND_SIGN.get(row["kind"], look.INK)
            )
            row["figures"] = self._figure(row["value"])
            row["told"] = f"{row['label']}: {row['figures']} ({self._interval(row)})"
        return told
