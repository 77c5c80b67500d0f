"""Events of a source day by day: bars on the interval that is usual for each day."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said, day_said
from keepwell.kernel.figures import measured, whole

COLOURS = {"usual": look.ACCENT, "unjudged": look.FAINT, "low": "var(--bad)", "high": "var(--warn)"}
WORDS = {
    "usual": "usual",
    "unjudged": speech.later("too little history"),
    "low": speech.later("fewer than usual"),
    "high": speech.later("more than usual"),
}


@dataclass(frozen=True)
class ArrivalsHistory:
    """One row a day: `events` arrived, `low` to `high` is usual (null: too little history), `verdict` says how it compares."""

    slug: str = "arrivals-history"
    columns: tuple[str, ...] = ("day", "events", "low", "high", "verdict")
    widths: tuple[int, int] = (900, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """How many of the days were unusual."""
        judged = frame.filter(pl.col("verdict") != "unjudged")
        if judged.is_empty():
            needed = 21 - frame.height
            return speech.told(
                "%(days)s days are too little history to tell what is usual; %(needed)s more are needed"
                if needed > 0
                else "%(days)s days are too little history to tell what is usual",
                days=frame.height,
                needed=needed,
            )
        odd = judged.filter(pl.col("verdict") != "usual")
        if odd.is_empty():
            return speech.told("All of the last %(days)s days were as usual", days=judged.height)
        last = odd.sort("day").row(-1, named=True)
        return speech.told(
            "%(odd)s of %(days)s days unusual, the last on %(day)s: %(verdict)s",
            odd=odd.height,
            days=judged.height,
            day=day_said(last["day"]),
            verdict=WORDS[last["verdict"]],
        )

    def note(self, frame: pl.DataFrame) -> str:
        """How to read the ground."""
        if not frame["low"].count():
            return ""
        return speech.told("The ground is what the same weekdays before let one expect.")

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bars from zero over the usual interval."""
        told = _prepared(frame)
        size = max(2, round((width - 70) / max(1, frame.height) * 0.62))
        step = max(4.0, (width - 70) / max(1, frame.height))
        axis = alt.Axis(**look.day_axis(count=8 if width > 500 else 3))
        x = alt.X("day:T", axis=axis, scale=alt.Scale(padding=size / 2 + 2))
        y_axis = alt.Axis(tickCount=3, format="~s")
        base = alt.Chart(rows(told)).encode(x=x)
        ground = base.mark_bar(size=step, color="var(--accent-wash)").encode(
            y=alt.Y("low:Q", scale=alt.Scale(zero=True, nice=True), axis=y_axis), y2="high:Q"
        )
        bars = base.mark_bar(size=size).encode(
            y=alt.Y("events:Q", axis=y_axis),
            color=alt.Color("colour:N", scale=None),
            description="told:N",
        )
        return finished(alt.layer(ground, bars).properties(width=width - 50, height=170))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        newest_first = frame.sort("day", descending=True).iter_rows(named=True)
        return Table(
            (speech.told("Day"), speech.told("Events"), speech.told("Usual"), speech.told("Verdict")),
            tuple(
                (date_said(row["day"]), whole(row["events"]), _usual(row), WORDS[row["verdict"]])
                for row in newest_first
            ),
        )


def _usual(row: dict[str, Any]) -> str:
    return "–" if row["low"] is None else f"{whole(row['low'])}–{whole(row['high'])}"


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("day").select("day", "events", "low", "high", "verdict").to_dicts()
    for row in told:
        usual = "" if row["low"] is None else speech.told(", usual %(span)s", span=_usual(row))
        row["told"] = f"{date_said(row['day'])}: {measured(row['events'], 'events')}{usual}"
        row["colour"] = COLOURS[row["verdict"]]
        row["day"] = row["day"].isoformat()
    return told
