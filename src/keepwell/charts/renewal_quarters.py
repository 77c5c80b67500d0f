"""What renews in each quarter, by band: bars from zero, what is at risk at the bottom."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.band_history import ORDER
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.money import Money


@dataclass(frozen=True)
class RenewalQuarters:
    """One row a quarter in their order: `place`, `quarter` ("2026 Q3"), and the ARR of each band."""

    currency: str
    slug: str = "renewal-quarters"
    columns: tuple[str, ...] = ("place", "quarter", *ORDER)
    widths: tuple[int, int] = (560, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The quarter in which most is at risk."""
        worst = max(frame.sort("place").to_dicts(), key=lambda row: row["red"])
        if not worst["red"]:
            return speech.told("Nothing that renews soon is at risk")
        total = sum(worst[band] for band in ORDER)
        return speech.told(
            "%(red)s of the %(total)s that renew in %(quarter)s are at risk",
            red=self._said(worst["red"]),
            total=self._said(total),
            quarter=worst["quarter"],
        )

    def note(self, frame: pl.DataFrame) -> str:
        """The title says it all."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A bar a quarter."""
        told = self._prepared(frame)
        order = frame.sort("place")["quarter"].to_list()
        x = alt.X("quarter:N", sort=order, axis=alt.Axis(labelAngle=0))
        y = alt.Y("from:Q", axis=alt.Axis(tickCount=3, format="~s"), scale=alt.Scale(zero=True))
        colour = alt.Color(
            "band:N",
            legend=None,
            scale=alt.Scale(domain=list(ORDER), range=[look.BAND_SIGN[band] for band in ORDER]),
        )
        bars = alt.Chart(rows(told)).mark_bar(size=min(48, (width - 120) // (len(order) + 1)))
        drawn = bars.encode(
            x=x, y=y, y2="to:Q", color=colour, description="told:N",
            opacity=alt.condition("datum.band == 'red'", alt.value(0.9), alt.value(0.4)),
        )  # fmt: skip
        tops = [row for row in told if row["is_top"]]
        sums = alt.Chart(rows(tops)).mark_text(dy=-7, fontSize=11, color=look.QUIET)
        return finished(
            alt.layer(drawn, sums.encode(x=x, y=alt.Y("to:Q"), text="sum:N")).properties(
                width=width - 60, height=170
            )
        )

    def table(self, frame: pl.DataFrame) -> Table:
        """By quarter."""
        told = self._prepared(frame)
        return Table(
            (speech.told("Renews in"), *(look.BAND_WORD[band] for band in ORDER)),
            tuple(
                (row["quarter"], *(self._said(row[band]) for band in ORDER))
                for row in frame.sort("place").iter_rows(named=True)
            ),
            told=tuple(
                ("", *(row["told"] for row in told[at : at + len(ORDER)]))
                for at in range(0, len(told), len(ORDER))
            ),
        )

    def _said(self, value: float) -> str:
        return str(Money(Decimal(str(value)), self.currency))

    def _prepared(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        found = []
        for row in frame.sort("place").iter_rows(named=True):
            ground = 0.0
            for band in ORDER:
                said = f"{row['quarter']}, {look.BAND_WORD[band]}: {self._said(row[band])}"
                found.append(
                    {
                        "quarter": row["quarter"], "band": band, "from": ground, "to": ground + row[band], "told": said,
                        "is_top": band == ORDER[-1], "sum": self._said(ground + row[band]),
                    }
                )  # fmt: skip
                ground += row[band]
        return found
