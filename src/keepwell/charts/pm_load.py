"""Tickets that reach the PM, week by week: those before triage began are quiet, those after it in the accent."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import whole


@dataclass(frozen=True)
class PmLoad:
    """One row a week: `week` is its first day, `reached` how many tickets reached the PM, `is_before` if triage was to come."""

    slug: str = "pm-load"
    columns: tuple[str, ...] = ("week", "reached", "is_before")
    widths: tuple[int, int] = (620, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The weeks before against the last whole week."""
        told = frame.sort("week")
        before = told.filter(pl.col("is_before"))["reached"].to_list()
        after = told.filter(~pl.col("is_before"))["reached"].to_list()
        if not before or not after:
            return speech.told("Tickets that reached the PM, week by week")
        return speech.told(
            "%(before)s tickets a week reached the PM before triage, %(after)s in the last week",
            before=whole(sum(before) / len(before)),
            after=whole(after[-1]),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """What the colours mean."""
        return speech.told("Quiet bars: before triage began.")

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bars from zero with their figures."""
        size = max(3, min(36, round((width - 70) / max(1, frame.height) * 0.62)))
        axis = alt.Axis(**look.day_axis(count=5 if width > 500 else 3))
        x = alt.X("week:T", axis=axis, scale=alt.Scale(padding=size / 2 + 2))
        y = alt.Y("reached:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(format=",d", tickCount=3))
        base = alt.Chart(rows(_prepared(frame))).encode(x=x, y=y)
        bars = base.mark_bar(size=size).encode(
            description="told:N",
            color=alt.condition("datum.is_before", alt.value(look.FAINT), alt.value(look.ACCENT)),
        )
        said = base.mark_text(baseline="bottom", dy=-4, fontSize=11, color=look.INK).encode(text="said:N")
        return finished(alt.layer(bars, said).properties(width=width - 50, height=170))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("week", descending=True).iter_rows(named=True)
        return Table(
            (speech.told("Week from"), speech.told("Tickets to the PM"), speech.told("Triage")),
            tuple(
                (
                    date_said(row["week"]),
                    whole(row["reached"]),
                    speech.told("before") if row["is_before"] else speech.told("after"),
                )
                for row in newest_first
            ),
        )


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("week").select("week", "reached", "is_before").to_dicts()
    for row in told:
        row["said"] = whole(row["reached"])
        row["told"] = f"{date_said(row['week'])}: {whole(row['reached'])}"
        row["week"] = row["week"].isoformat()
    return told
