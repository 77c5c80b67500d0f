"""How many accounts were in a segment, week by week: a line from zero, the last one said at its end."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import measured, whole


@dataclass(frozen=True)
class MemberHistory:
    """One row a week: `day`, `members`, and of how many accounts it could not be told (`unknown`)."""

    slug: str = "member-history"
    columns: tuple[str, ...] = ("day", "members", "unknown")
    widths: tuple[int, int] = (900, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The last count against that of thirteen weeks before."""
        counts = frame.sort("day")["members"].to_list()
        now, before = counts[-1], counts[-14] if len(counts) >= 14 else counts[0]
        told = measured(now, "accounts")
        if now == before:
            return speech.told("%(told)s, as many as a quarter ago", told=told)
        return speech.told(
            "%(told)s, %(by)s more than a quarter ago"
            if now > before
            else "%(told)s, %(by)s fewer than a quarter ago",
            told=told,
            by=whole(abs(now - before)),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """What the dashes are."""
        if not frame["unknown"].max():
            return ""
        return speech.told("Dashes: accounts of which it cannot be told.")

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """A stepped line from zero over a quiet area."""
        told = _prepared(frame)
        axis = alt.Axis(**look.day_axis(count=6 if width > 500 else 3))
        x = alt.X("day:T", axis=axis, scale=alt.Scale(padding=8))
        y = alt.Y("members:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=3, format=",d"))
        base = alt.Chart(rows(told)).encode(x=x)
        layers = [
            base.mark_area(interpolate="step-after", color="var(--accent-wash)").encode(y=y),
            base.mark_line(interpolate="step-after", color=look.ACCENT).encode(y=y),
            base.mark_circle(size=90, opacity=0).encode(y=y, description="told:N"),
        ]
        if frame["unknown"].max():
            dashes = base.mark_line(interpolate="step-after", color=look.FAINT, strokeDash=[3, 3])
            layers.append(dashes.encode(y="unknown:Q"))
        last = base.transform_filter("datum.is_last").mark_point(filled=True, size=45, color=look.ACCENT)
        return finished(alt.layer(*layers, last.encode(y=y)).properties(width=width - 50, height=150))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("day", descending=True).iter_rows(named=True)
        return Table(
            (speech.told("Day"), speech.told("Accounts"), speech.told("Cannot be told")),
            tuple((date_said(r["day"]), whole(r["members"]), whole(r["unknown"])) for r in newest_first),
            told=tuple((row["told"],) for row in reversed(_prepared(frame))),
        )


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("day").select("day", "members", "unknown").to_dicts()
    for index, row in enumerate(told):
        row["is_last"] = index == len(told) - 1
        row["told"] = f"{date_said(row['day'])}: {measured(row['members'], 'accounts')}"
        row["day"] = row["day"].isoformat()
    return told
