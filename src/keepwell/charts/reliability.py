"""Calibration: what was foretold against what came, on time that the fit had not seen."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, shared, whole

CLOSE = 0.3


@dataclass(frozen=True)
class Reliability:
    """One row a tenth of the rows: the mean probability foretold, the share that came, how many rows."""

    slug: str = "reliability"
    columns: tuple[str, ...] = ("foretold", "came", "rows")
    widths: tuple[int, int] = (420, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """Whether the probabilities can be taken at their word."""
        apart = (pl.col("foretold") - pl.col("came")).abs() * pl.col("rows")
        far = float(frame.select(apart.sum() / pl.col("rows").sum()).item() or 0.0)
        base = float(
            frame.select((pl.col("came") * pl.col("rows")).sum() / pl.col("rows").sum()).item() or 0.0
        )
        return speech.told(
            "Probabilities made from the score held: off by %(far)s points on average, where %(share)s left"
            if far <= CLOSE * base
            else "Probabilities made from the score missed: off by %(far)s points on average, where %(share)s left",
            far=figure(round(100 * far, 1)),
            share=shared(100 * base, decimals=1),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """How to read it."""
        return speech.told(
            "On the line, what was foretold is what came. Each dot is a tenth of the later days."
        )

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """The diagonal, and a dot for each tenth."""
        most = max(0.1, float(max(frame["foretold"].max() or 0, frame["came"].max() or 0)) * 1.1)  # type: ignore[arg-type]
        scale = alt.Scale(domain=[0, most], nice=False)
        axis = alt.Axis(format="~%", tickCount=4, grid=True, gridColor=look.LINE)
        x, y = alt.X("foretold:Q", scale=scale, axis=axis), alt.Y("came:Q", scale=scale, axis=axis)
        diagonal = (
            alt.Chart(rows([{"at": 0.0}, {"at": most}]))
            .mark_line(strokeDash=[3, 3], color=look.FAINT, strokeWidth=1)
            .encode(x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale))
        )
        base = alt.Chart(rows(_prepared(frame))).encode(x=x, y=y)
        line = base.mark_line(color=look.ACCENT, strokeWidth=1, opacity=0.5)
        dots = base.mark_circle(color=look.ACCENT, size=60, opacity=1).encode(description="told:N")
        side = min(width - 70, 300)
        return finished(alt.layer(diagonal, line, dots).properties(width=side, height=side * 0.75))

    def table(self, frame: pl.DataFrame) -> Table:
        """From the least to the most likely."""
        return Table(
            (speech.told("Foretold"), speech.told("Came"), speech.told("Days of accounts")),
            tuple(
                (_said(row["foretold"]), _said(row["came"]), whole(row["rows"])) for row in _prepared(frame)
            ),
        )


def _said(share: float) -> str:
    return shared(100 * share, decimals=1)


def _prepared(frame: pl.DataFrame) -> list[dict[str, Any]]:
    told = frame.sort("foretold").to_dicts()
    for row in told:
        row["told"] = speech.told(
            "%(foretold)s foretold, %(came)s came, %(rows)s rows",
            foretold=_said(row["foretold"]),
            came=_said(row["came"]),
            rows=whole(row["rows"]),
        )
    return told
