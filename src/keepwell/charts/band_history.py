"""A book by band, week by week: stacked from zero with what is at risk at the bottom, each band said at its end."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import whole
from keepwell.kernel.money import Money

ORDER = ("red", "yellow", "green", "unknown")


@dataclass(frozen=True)
class BandHistory:
    """One row a day: `day`, and of each band what it held: accounts, or their ARR where a `currency` is named."""

    currency: str = ""
    columns: tuple[str, ...] = ("day", *ORDER)
    widths: tuple[int, int] = (560, 330)

    @property
    def slug(self) -> str:
        """Of ARR or of accounts."""
        return "band-arr" if self.currency else "band-accounts"

    def title(self, frame: pl.DataFrame) -> str:
        """What is at risk now, of how much, against the beginning."""
        told = frame.sort("day")
        risk, all_of_it = told["red"].to_list(), told.select(pl.sum_horizontal(*ORDER)).to_series().to_list()
        what = speech.told(
            "%(risk)s of %(all)s ARR at risk" if self.currency else "%(risk)s of %(all)s accounts at risk",
            risk=self._said(risk[-1]),
            all=self._said(all_of_it[-1]),
        )
        if risk[-1] == risk[0]:
            return speech.told(
                "%(what)s, as much as half a year ago" if risk[-1] else "%(what)s, now as half a year ago",
                what=what,
            )
        return speech.told(
            "%(what)s, up from %(before)s half a year ago"
            if risk[-1] > risk[0]
            else "%(what)s, down from %(before)s half a year ago",
            what=what,
            before=self._said(risk[0]),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """The title says it all."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Areas on each other; the lowest is what is at risk."""
        told = _stacked(frame, self)
        x = alt.X(
            "day:T", axis=alt.Axis(**look.day_axis(count=5 if width > 500 else 3)), scale=alt.Scale(padding=4)
        )
        axis = alt.Axis(tickCount=3, format="~s" if self.currency else ",d")
        base = alt.Chart(rows(told)).encode(
            x=x, y=alt.Y("from:Q", axis=axis, scale=alt.Scale(zero=True)), y2="to:Q", detail="band:N"
        )
        layers: list[Any] = [
            base.transform_filter(f"datum.band == '{band}'").mark_area(
                color=look.BAND_SIGN[band], opacity=0.85 if band == "red" else 0.35
            )
            for band in ORDER
        ]
        points = alt.Chart(rows([row for row in told if row["to"] > row["from"]])).mark_circle(
            size=60, opacity=0
        )
        layers.append(points.encode(x=x, y=alt.Y("middle:Q", axis=axis), description="told:N"))
        last = [row for row in told if row["is_last"] and row["to"] > row["from"]]
        names = alt.Chart(rows(last)).mark_text(align="left", dx=6, fontSize=11, color=look.INK)
        layers.append(names.encode(x=x, y=alt.Y("middle:Q", axis=axis), text="word:N"))
        return finished(alt.layer(*layers).properties(width=width - 120, height=180))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("day", descending=True).iter_rows(named=True)
        told = _stacked(frame, self)
        return Table(
            (speech.told("Day"), *(look.BAND_WORD[band] for band in ORDER)),
            tuple(
                (date_said(row["day"]), *(self._said(row[band]) for band in ORDER)) for row in newest_first
            ),
            told=tuple(
                ("", *(row["told"] if row["to"] > row["from"] else "" for row in told[at : at + len(ORDER)]))
                for at in range(len(told) - len(ORDER), -1, -len(ORDER))
            ),
        )

    def _said(self, value: float) -> str:
        return str(Money(Decimal(str(value)), self.currency)) if self.currency else whole(value)


def _stacked(frame: pl.DataFrame, chart: BandHistory) -> list[dict[str, Any]]:
    told = frame.sort("day").to_dicts()
    found = []
    for index, row in enumerate(told):
        ground = 0.0
        for band in ORDER:
            found.append(
                {
                    "day": row["day"].isoformat(), "band": band, "from": ground, "to": ground + row[band],
                    "middle": ground + row[band] / 2, "word": speech.said(look.BAND_WORD[band]),
                    "is_last": index == len(told) - 1,
                    "told": f"{date_said(row['day'])}, {look.BAND_WORD[band]}: {chart._said(row[band])}",
                }
            )  # fmt: skip
            ground += row[band]
    return found
