"""Use of the product week by week: bars from zero, the last whole week said on its bar."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import measured, one_or_many, shared, whole

FEW = 3


@dataclass(frozen=True)
class UsageHistory:
    """One row a week: `week` is its first day, `count` how many of `what` ("people", "events") it had."""

    what: str
    slug: str = "usage-history"
    columns: tuple[str, ...] = ("week", "count")
    widths: tuple[int, int] = (560, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The last four weeks against the four before."""
        counts = frame.sort("week")["count"].to_list()
        if not any(counts):
            return speech.told("No %(what)s yet", what=self._what)
        recent, earlier = counts[-4:], counts[-8:-4]
        now = sum(recent) / len(recent)
        before = sum(earlier) / 4 if len(earlier) == 4 else 0.0
        if not now:
            return speech.told(
                "No %(what)s in the last four weeks, down from %(before)s a week"
                if round(before)
                else "No %(what)s in the last four weeks",
                what=self._what,
                before=whole(before),
            )
        told = self._a_week(now)
        if not before:
            return told
        change = now / before - 1
        if abs(change) < 0.05:
            return speech.told("%(told)s, as in the four weeks before", told=told)
        return speech.told(
            "%(told)s, %(share)s more than the four weeks before"
            if change > 0
            else "%(told)s, %(share)s fewer than the four weeks before",
            told=told,
            share=shared(abs(change) * 100),
        )

    def _a_week(self, now: float) -> str:
        if round(now, 1) < 1:
            return speech.told("Fewer than one %(what)s a week", what=one_or_many(1, self.what))
        usual = round(now)
        return speech.told(
            "%(count)s %(what)s a week" if usual == 1 else "About %(count)s %(what)s a week",
            count=whole(usual),
            what=one_or_many(usual, self.what),
        )

    @property
    def _what(self) -> str:
        return one_or_many(2, self.what)

    def note(self, frame: pl.DataFrame) -> str:
        """The title says it all."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bars from zero."""
        data = rows(_prepared(frame, self.what))
        axis = alt.Axis(**look.day_axis(count=5 if width > 500 else 3))
        size = max(3, round((width - 70) / max(1, frame.height) * 0.62))
        x = alt.X("week:T", axis=axis, scale=alt.Scale(padding=size / 2 + 2))
        most = max([1, *frame["count"]])
        ticks = {"values": list(range(most + 1))} if most <= FEW else {"tickCount": 3}  # of few, no halves
        y_axis = alt.Axis(format=",d", **ticks)
        y = alt.Y("count:Q", scale=alt.Scale(zero=True, nice=True), axis=y_axis)
        base = alt.Chart(data).encode(x=x, y=y)
        bars = base.mark_bar(size=size, color=look.ACCENT).encode(
            description="told:N", opacity=alt.condition("datum.is_last", alt.value(1), alt.value(0.45))
        )
        said = (
            base.transform_filter("datum.is_last")
            .mark_text(baseline="bottom", dy=-4, fontSize=12, fontWeight=600, color=look.INK)
            .encode(text="said:N")
        )
        return finished(alt.layer(bars, said).properties(width=width - 50, height=150))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("week", descending=True).iter_rows(named=True)
        return Table(
            (speech.told("Week from"), self._what.capitalize()),
            tuple((date_said(row["week"]), whole(row["count"])) for row in newest_first),
        )


def _prepared(frame: pl.DataFrame, what: str) -> list[dict[str, Any]]:
    told = frame.sort("week").select("week", "count").to_dicts()
    for index, row in enumerate(told):
        row["is_last"] = index == len(told) - 1
        row["said"] = whole(row["count"])
        row["told"] = speech.told(
            "Week from %(day)s: %(count)s", day=date_said(row["week"]), count=measured(row["count"], what)
        )
        row["week"] = row["week"].isoformat()
    return told
