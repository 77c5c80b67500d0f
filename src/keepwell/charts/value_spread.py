"""Where the values of a measure lie: bars over the ground of the bands that judge them, the median marked."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, measured, whole


@dataclass(frozen=True)
class ValueSpread:
    """One row a bin: `low` to `high`, and how many accounts lie in it (`count`).

    `green` and `red` are figures with whether the band lies above them; None where nobody judges.
    """

    unit: str
    lower: float
    median: float
    upper: float
    green: tuple[bool, float] | None = None
    red: tuple[bool, float] | None = None
    slug: str = "value-spread"
    columns: tuple[str, ...] = ("low", "high", "count")
    widths: tuple[int, int] = (560, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The middle half."""
        if figure(self.lower) == figure(self.upper):
            return speech.told("Most accounts are at %(value)s", value=measured(self.median, self.unit))
        middle = measured(self.median, self.unit)
        return speech.told(
            "Half of the accounts lie from %(lower)s to %(upper)s, the median at %(middle)s",
            lower=figure(self.lower),
            upper=figure(self.upper),
            middle=middle,
        )

    def note(self, frame: pl.DataFrame) -> str:
        """What the ground is."""
        if not (self.green or self.red):
            return ""
        return speech.told("Behind the bars: the bands of the scorecard.")

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bars from zero, a line at the median."""
        told = _prepared(frame)
        low, high = told[0]["low"], told[-1]["high"]
        scale = alt.Scale(domain=[low, high], nice=False, zero=False)
        x = alt.X("low:Q", scale=scale, axis=alt.Axis(tickCount=5, format="~s" if high > 9999 else ",.6~g"))
        count = alt.Y("count:Q", axis=alt.Axis(tickCount=3, format=",d"))
        bars = (
            alt.Chart(rows(told))
            .mark_rect(color=look.ACCENT, stroke="var(--surface)", strokeWidth=1)
            .encode(x=x, x2="high:Q", y=count, y2="ground:Q", description="told:N")
        )
        middle = (
            alt.Chart(rows([{"at": self.median}]))
            .mark_rule(color=look.INK, strokeDash=[3, 3])
            .encode(x=alt.X("at:Q", scale=scale))
        )
        grounds = [
            alt.Chart(rows([{"low": start, "high": end}]))
            .mark_rect(color=look.BAND_GROUND[band])
            .encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
            for band, start, end in self._grounds(low, high)
        ]
        return finished(alt.layer(*grounds, bars, middle).properties(width=width - 50, height=150))

    def _grounds(self, low: float, high: float) -> list[tuple[str, float, float]]:
        found = []
        for band, side in (("green", self.green), ("red", self.red)):
            if side is None:
                continue
            above, at = side
            start, end = (max(low, at), high) if above else (low, min(high, at))
            if start < end:
                found.append((band, start, end))
        return found

    def table(self, frame: pl.DataFrame) -> Table:
        """From the lowest on."""
        return Table(
            (
                speech.told("Value in %(unit)s" if self.unit else "Value", unit=speech.told(self.unit)),
                speech.told("Accounts"),
            ),
            tuple((row["said"], whole(row["count"])) for row in _prepared(frame)),
        )


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("low").select("low", "high", "count").to_dicts()
    for row in told:
        row["said"] = speech.told("%(low)s to %(high)s", low=figure(row["low"]), high=figure(row["high"]))
        row["ground"] = 0
        row["told"] = f"{row['said']}: {measured(row['count'], 'accounts')}"
    return told
