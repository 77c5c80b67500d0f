"""One part of a score over time: small, to stand among its siblings."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import figure, measured


@dataclass(frozen=True)
class PartHistory:
    """One row a week; `value` is null where it was unknown. `floor` is the least the axis must show."""

    name: str
    unit: str
    floor: float | None = 0.0
    slug: str = "part-history"
    columns: tuple[str, ...] = ("as_of", "value")
    widths: tuple[int, int] = (290, 290)

    def title(self, frame: pl.DataFrame) -> str:
        """The part, and what became of it."""
        known = frame.drop_nulls("value").sort("as_of")
        if known.is_empty():
            return speech.told("%(name)s: not known yet", name=self.name)
        first, last = known["value"][0], known["value"][-1]
        values = known["value"].to_list()
        low, high = min(values), max(values)
        if _said(low) == _said(high):
            return speech.told("%(name)s: steady at %(value)s", name=self.name, value=self._with_unit(last))
        if abs(last - first) < (high - low) / 2:
            return speech.told(
                "%(name)s: %(value)s, between %(low)s and %(high)s so far",
                name=self.name,
                value=self._with_unit(last),
                low=_said(low),
                high=_said(high),
            )
        return speech.told(
            "%(name)s: from %(first)s to %(last)s",
            name=self.name,
            first=_said(first),
            last=self._with_unit(last),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """The title says it all."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A line, its last value on it, and invisible points that carry the exact figures."""
        data = rows(self._prepared(frame))
        lowest = alt.Undefined if self.floor is None else self.floor
        x = alt.X("as_of:T", axis=alt.Axis(**look.day_axis(count=3)))
        y = alt.Y(
            "value:Q", scale=alt.Scale(nice=True, zero=False, domainMin=lowest), axis=alt.Axis(tickCount=3)
        )
        base = alt.Chart(data).encode(x=x, y=y)
        line = base.mark_line(color=look.ACCENT, strokeWidth=1.75, strokeJoin="round")
        hover = base.mark_circle(size=90, opacity=0).encode(description="told:N")
        last = base.transform_filter("datum.is_last")
        dot = last.mark_circle(size=40, opacity=1, color=look.ACCENT)
        said = last.mark_text(align="left", dx=7, fontSize=12, fontWeight=600, color=look.INK).encode(
            text="said:N"
        )
        return finished(alt.layer(line, hover, dot, said).properties(width=width - 75, height=84))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("as_of", descending=True).iter_rows(named=True)
        return Table(
            (speech.told("Day"), self.name),
            tuple((date_said(row["as_of"]), self._with_unit(row["value"])) for row in newest_first),
        )

    def _with_unit(self, value: float | None) -> str:
        return _said(value) if value is None else measured(value, self.unit)

    def _prepared(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        told = frame.sort("as_of").select("as_of", "value").to_dicts()
        known = [row["as_of"] for row in told if row["value"] is not None]
        for row in told:
            row["is_last"] = bool(known) and row["as_of"] == known[-1]
            row["said"] = _said(row["value"])
            row["told"] = f"{date_said(row['as_of'])}: {self._with_unit(row['value'])}"
            row["as_of"] = row["as_of"].isoformat()
        return told


def _said(value: float | None) -> str:
    return "unknown" if value is None else figure(value)
