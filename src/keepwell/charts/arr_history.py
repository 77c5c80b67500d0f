"""ARR of one account as it was signed: a step wherever a movement changed it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.money import Money


@dataclass(frozen=True)
class ArrHistory:
    """One row a movement: `day`, its `kind`, its `amount`, and the `arr` from then on; the line runs on to `until`."""

    currency: str
    until: date
    slug: str = "arr-history"
    columns: tuple[str, ...] = ("day", "kind", "amount", "arr")
    widths: tuple[int, int] = (900, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """What is signed, and how it came to that."""
        told = frame.sort("day").to_dicts()
        last = told[-1]
        when = date_said(last["day"])
        if not last["arr"]:
            return speech.told(
                "No ARR since %(when)s; before, it was %(money)s a year",
                when=when,
                money=self._money(-last["amount"]),
            )
        now = speech.told("%(money)s a year", money=self._money(last["arr"]))
        if len(told) == 1:
            return speech.told("%(now)s, unchanged since %(when)s", now=now, when=when)
        return speech.told(
            "%(now)s, up %(by)s on %(when)s" if last["amount"] > 0 else "%(now)s, down %(by)s on %(when)s",
            now=now,
            by=self._money(abs(last["amount"])),
            when=when,
        )

    def note(self, frame: pl.DataFrame) -> str:
        """The title says it all."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A stepped line from zero, each step with a dot; the last level said."""
        data = rows(self._prepared(frame))
        ticks = 6 if width > 500 else 3
        long = (self.until - min(frame["day"])).days > 31 * ticks  # else a month would stand there twice
        axis = alt.Axis(format="%b %Y" if long else "%-d %b", tickCount=ticks)
        x = alt.X("day:T", axis=axis)
        y = alt.Y("arr:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=3, format="~s"))
        base = alt.Chart(data).encode(x=x, y=y)
        ground = base.mark_area(interpolate="step-after", color=look.ACCENT, opacity=0.08)
        line = base.mark_line(interpolate="step-after", color=look.ACCENT, strokeWidth=2)
        steps = base.transform_filter("datum.told != ''").encode(description="told:N")
        dots = steps.mark_circle(size=44, color=look.ACCENT, opacity=1)
        drawn = alt.layer(ground, line, dots)
        return finished(drawn.properties(width=width - 60, height=120 if width > 500 else 110))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("day", descending=True).iter_rows(named=True)
        return Table(
            (
                speech.told("Day"),
                speech.told("Movement"),
                speech.told("Amount"),
                speech.told("ARR from then on"),
            ),
            tuple(
                (
                    date_said(row["day"]),
                    row["kind"].capitalize(),
                    f"{'+' if row['amount'] > 0 else '−'}{self._money(abs(row['amount']))}",
                    self._money(row["arr"]),
                )
                for row in newest_first
            ),
        )

    def _money(self, amount: float) -> str:
        return str(Money(Decimal(amount), self.currency))

    def _prepared(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        told = [
            {
                "day": row["day"].isoformat(),
                "arr": row["arr"],
                "told": speech.told(
                    "%(day)s: %(kind)s, %(money)s from then on",
                    day=date_said(row["day"]),
                    kind=row["kind"],
                    money=self._money(row["arr"]),
                ),
            }
            for row in frame.sort("day").iter_rows(named=True)
        ]
        return [*told, {"day": self.until.isoformat(), "arr": told[-1]["arr"], "told": ""}]
