"""The middle of a measure over all accounts, week by week, in the band of the middle half."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import figure, measured, whole


@dataclass(frozen=True)
class MedianHistory:
    """One row a day: a quarter of the accounts lie under `lower`, half under `median`, a quarter over `upper`; null where
    nothing was known. `known` is of how many.
    """

    unit: str
    slug: str = "median-history"
    columns: tuple[str, ...] = ("as_of", "lower", "median", "upper", "known")
    widths: tuple[int, int] = (560, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """What became of the median."""
        known = frame.drop_nulls("median").sort("as_of")["median"].to_list()
        if not known:
            return speech.told("Not known of any week yet")
        if figure(known[0]) == figure(known[-1]):
            return speech.told(
                "The median is %(now)s, as %(weeks)s weeks ago",
                now=measured(known[-1], self.unit),
                weeks=len(known) - 1,
            )
        return speech.told(
            "The median went from %(before)s to %(now)s",
            before=figure(known[0]),
            now=measured(known[-1], self.unit),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """What the ground is, and whose values these are."""
        return speech.told("Ground: the middle half of today’s customers.")

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A line on a band."""
        told = _prepared(frame, self.unit)
        axis = alt.Axis(**look.day_axis(count=6 if width > 500 else 3))
        x = alt.X("as_of:T", axis=axis, scale=alt.Scale(padding=8))
        y = alt.Y("median:Q", scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=3))
        base = alt.Chart(rows(told)).encode(x=x)
        ground = base.mark_area(color="var(--accent-wash)").encode(
            y=alt.Y("lower:Q", scale=alt.Scale(zero=False)), y2="upper:Q"
        )
        line = base.mark_line(color=look.ACCENT).encode(y=y)
        hover = base.mark_circle(size=90, opacity=0).encode(y=y, description="told:N")
        last = base.transform_filter("datum.is_last").mark_point(filled=True, size=45, color=look.ACCENT)
        return finished(
            alt.layer(ground, line, hover, last.encode(y=y)).properties(width=width - 50, height=150)
        )

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("as_of", descending=True).iter_rows(named=True)
        return Table(
            (speech.told("Day"), speech.told("Median"), speech.told("Middle half"), speech.told("Known of")),
            tuple(
                (
                    date_said(row["as_of"]),
                    _said(row["median"]),
                    f"{_said(row['lower'])} to {_said(row['upper'])}",
                    whole(row["known"]),
                )
                for row in newest_first
            ),
        )


def _prepared(frame: pl.DataFrame, unit: str) -> list[dict[str, Any]]:
    told = frame.sort("as_of").select("as_of", "lower", "median", "upper").to_dicts()
    for index, row in enumerate(told):
        row["is_last"] = index == len(told) - 1
        middle = (
            speech.told("unknown")
            if row["median"] is None
            else speech.told("median %(value)s", value=measured(row["median"], unit))
        )
        row["told"] = f"{date_said(row['as_of'])}: {middle}"
        row["as_of"] = row["as_of"].isoformat()
    return told


def _said(value: float | None) -> str:
    return "unknown" if value is None else figure(value)
