"""Health over time: one line on quiet bands, with the reach of the score where parts were unknown."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import measured, shared

QUARTER = timedelta(weeks=13)
MOVED = 10


@dataclass(frozen=True)
class ScoreHistory:
    """One row a week; `points` is null where the score was unknown, `low` to `high` what it could have been.

    `watch_from` and `healthy_from` are the points at which the bands begin. `parts` says what it was made of, `mark` what
    changed on that day beside the customer: another version of the card, an override; both may be empty.
    """

    watch_from: float
    healthy_from: float
    slug: str = "score-history"
    columns: tuple[str, ...] = ("as_of", "points", "band", "low", "high", "known_weight", "parts", "mark")
    widths: tuple[int, int] = (1040, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """What became of it in the last quarter, since its latest turning point."""
        known = frame.select("as_of", "points").drop_nulls("points").sort("as_of")
        if known.is_empty():
            return speech.told("Health has not been known yet")
        today, now = known.row(-1)
        quarter = known.filter(pl.col("as_of") >= today - QUARTER).rows()
        if len(quarter) == 1:
            return speech.told("Health is %(now)s; there is no history yet", now=f"{now:.0f}")
        turn = _turning_point(quarter)
        if turn is None:
            return speech.told(
                "Health has been steady near %(now)s for %(span)s",
                now=f"{now:.0f}",
                span=_span(today - quarter[0][0]),
            )
        day, before = turn
        return speech.told(
            "Health rose from %(before)s to %(now)s in %(span)s"
            if now > before
            else "Health fell from %(before)s to %(now)s in %(span)s",
            before=f"{before:.0f}",
            now=f"{now:.0f}",
            span=_span(today - day),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """Says what the grey range and the dashed lines mean where there are any."""
        said = []
        if not frame.filter(pl.col("known_weight") < 100).is_empty():
            said.append(speech.told("Grey is what the score could have been where parts were unknown."))
        if not frame.filter(pl.col("mark") != "").is_empty():
            said.append(speech.told("Numbered dashes: what changed beside the customer."))
        return " ".join(said)

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bands, range, line, invisible points that carry the exact figures, and the last score in words."""
        data = rows(_prepared(frame))
        x = alt.X("as_of:T", axis=alt.Axis(**look.day_axis(count=7 if width > 500 else 4)))
        scale = alt.Scale(domain=[0, 100])
        ticks = [self.watch_from, self.healthy_from]
        y = alt.Y("points:Q", scale=scale, axis=alt.Axis(values=ticks, grid=False))
        base = alt.Chart(data)
        reach = base.mark_area(color=look.INK, opacity=0.1, interpolate="monotone").encode(
            x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"
        )
        line = base.mark_line(color=look.INK, strokeWidth=2, strokeJoin="round").encode(x=x, y=y)
        hover = base.mark_circle(size=120, opacity=0).encode(x=x, y=y, description="told:N")
        last = base.transform_filter("datum.is_last").encode(x=x, y=y)
        dot = last.mark_circle(size=64, opacity=1).encode(
            color=alt.Color("band:N", scale=_band_scale(), legend=None)
        )
        said = last.mark_text(align="left", dx=8, fontSize=13, fontWeight=600, color=look.INK).encode(
            text="said:N"
        )
        marked = base.transform_filter("datum.mark != ''").encode(x=x)
        marks = marked.mark_rule(color=look.QUIET, strokeDash=[3, 3], strokeWidth=1).encode(
            description="mark:N"
        )
        signs = marked.mark_text(
            align="center", baseline="bottom", fontSize=11, dy=-2, color=look.QUIET
        ).encode(y=alt.value(0), text="sign:N")
        layers = alt.layer(*self._bands(width), marks, signs, reach, line, hover, dot, said)
        return finished(layers.properties(width=width - 90, height=220 if width > 500 else 180))

    def table(self, frame: pl.DataFrame) -> Table:
        """Newest first."""
        told = _prepared(frame)
        newest_first = frame.sort("as_of", descending=True).iter_rows(named=True)
        return Table(
            (
                speech.told("Week to"),
                speech.told("Health"),
                speech.told("Band"),
                speech.told("Known weight"),
                speech.told("Could be"),
                speech.told("Parts"),
                speech.told("Changed beside"),
            ),
            tuple(
                (
                    date_said(row["as_of"]),
                    _whole(row["points"]),
                    look.BAND_WORD[row["band"]],
                    shared(row["known_weight"]),
                    speech.told("%(low)s to %(high)s", low=_whole(row["low"]), high=_whole(row["high"])),
                    row["parts"],
                    row["mark"],
                )
                for row in newest_first
            ),
            told=tuple((row["told"],) for row in reversed(told)),
            remarks=tuple(f"{row['on']}: {row['mark']}" for row in told if row["mark"]),
        )

    def _bands(self, width: int) -> list[alt.Chart]:
        edges = [("red", 0.0, self.watch_from), ("yellow", self.watch_from, self.healthy_from)]
        edges.append(("green", self.healthy_from, 100.0))
        data = rows(
            [
                {
                    "low": low,
                    "high": high,
                    "middle": (low + high) / 2,
                    "ground": look.BAND_GROUND[band],
                    "word": speech.said(look.BAND_WORD[band]),
                }
                for band, low, high in edges
            ]
        )
        base = alt.Chart(data).encode(y=alt.Y("low:Q"), y2="high:Q")
        ground = base.mark_rect(opacity=1).encode(color=alt.Color("ground:N", scale=None))
        words = (
            alt.Chart(data)
            .mark_text(align="right", baseline="middle", x=-7, color=look.QUIET)
            .encode(y=alt.Y("middle:Q"), text="word:N")
        )
        return [ground, words]


def _turning_point(points: list[tuple[date, float]]) -> tuple[date, float] | None:
    """The latest of the highest and the lowest point that the last one stands well away from."""
    now = points[-1][1]
    highest = max(points, key=lambda point: (point[1], point[0]))
    lowest = min(points, key=lambda point: (point[1], -point[0].toordinal()))
    return max((point for point in (highest, lowest) if abs(point[1] - now) >= MOVED), default=None)


def _span(length: timedelta) -> str:
    if length.days < 7:
        return measured(length.days, "days")
    weeks = round(length.days / 7)
    return measured(weeks, "weeks")


def _band_scale() -> alt.Scale:
    return alt.Scale(domain=list(look.BAND_SIGN), range=list(look.BAND_SIGN.values()))


def _whole(value: float | None) -> str:
    return speech.told("unknown") if value is None else f"{value:.0f}"


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("as_of").to_dicts()
    known = [row["as_of"] for row in told if row["points"] is not None]
    signs = iter(range(1, len(told) + 1))
    for row in told:
        row["is_last"] = bool(known) and row["as_of"] == known[-1]
        row["said"] = _whole(row["points"])
        row["on"] = date_said(row["as_of"])
        row["sign"] = str(next(signs)) if row["mark"] else ""
        row["told"] = (
            f"{row['on']}: {_whole(row['points'])}, {look.BAND_WORD[row['band']]}, "
            f"{speech.told('%(share)s known', share=shared(row['known_weight']))}{': ' if row['parts'] else ''}{row['parts']}"
            f"{'. ' if row['mark'] else ''}{row['mark']}"
        )
        row["as_of"] = row["as_of"].isoformat()
    return told
