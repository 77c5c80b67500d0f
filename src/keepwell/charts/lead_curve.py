"""How early: which share of those that left was in red from so many days before until the end."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import shared


@dataclass(frozen=True)
class LeadCurve:
    """One row a number of days before the departure, with the share that was in red from then on without a break."""

    departures: int
    slug: str = "lead-curve"
    columns: tuple[str, ...] = ("days", "share")
    widths: tuple[int, int] = (720, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """What a month of warning is worth."""
        shares = dict(frame.select("days", "share").iter_rows())
        if not shares.get(0):
            return speech.told("Red caught none of the %(departures)s that left", departures=self.departures)
        return speech.told(
            "%(share)s of those that left were in red 30 days before, and stayed there",
            share=shared(100 * shares.get(30, 0)),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """How to read it."""
        return speech.told(
            "Of %(departures)s departures; a red that ended before the customer left does not count.",
            departures=self.departures,
        )

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A line that falls with the days, the departure at the right."""
        data = rows(_prepared(frame))
        x = alt.X(
            "days:Q",
            scale=alt.Scale(reverse=True, nice=False),
            axis=alt.Axis(values=[0, 30, 60, 90, 120, 150, 180]),
        )
        y = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="~%", tickCount=4))
        base = alt.Chart(data).encode(x=x, y=y)
        line = base.mark_line(color=look.ACCENT, strokeWidth=2)
        dots = base.mark_circle(color=look.ACCENT, size=50, opacity=1).encode(description="told:N")
        marked = base.transform_filter("datum.is_marked")
        words = marked.mark_text(dy=-12, color=look.INK, fontSize=12, fontWeight=600).encode(text="said:N")
        layers = alt.layer(line, dots, words)
        return finished(layers.properties(width=width - 70, height=180))

    def table(self, frame: pl.DataFrame) -> Table:
        """From the departure back."""
        return Table(
            (speech.told("Days before"), speech.told("In red until the end")),
            tuple((str(row["days"]), row["said"]) for row in _prepared(frame)),
        )


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("days").to_dicts()
    for row in told:
        row["said"] = shared(100 * row["share"])
        row["told"] = speech.told("%(days)s days before: %(said)s", days=row["days"], said=row["said"])
        row["is_marked"] = row["days"] in (0, 30, 60, 90)
    return told
