"""Who entered, left and stalls in each phase: three bars a phase from zero."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.figures import measured, whole

WHATS = {
    "entered": speech.later("Entered"),
    "left": speech.later("Left"),
    "stalled": speech.later("Stalled"),
}


@dataclass(frozen=True)
class PhaseFlow:
    """One row a phase in their order: `place`, `phase`, and how many are in it `now`, `entered`, `left` and are `stalled`."""

    slug: str = "phase-flow"
    columns: tuple[str, ...] = ("place", "phase", "now", *WHATS)
    widths: tuple[int, int] = (720, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """Where most stall."""
        worst = max(frame.sort("place").to_dicts(), key=lambda row: row["stalled"], default=None)
        if worst is None or not worst["stalled"]:
            return speech.told("No account is longer in its phase than expected")
        return speech.told(
            "Most stall in %(phase)s: %(stalled)s of %(now)s",
            phase=worst["phase"],
            stalled=whole(worst["stalled"]),
            now=whole(worst["now"]),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """How to read it."""
        return speech.told(
            "Of each phase from left to right: who entered, who left, who is in it longer than expected."
        )

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Bars side by side with their figures on top."""
        told = self._prepared(frame)
        order = frame.sort("place")["phase"].to_list()
        x = alt.X("phase:N", sort=order, axis=alt.Axis(labelAngle=0, labelLimit=90))
        beside = alt.XOffset("word:N", sort=[str(word) for word in WHATS.values()])
        y = alt.Y("count:Q", axis=alt.Axis(tickCount=3, tickMinStep=1), scale=alt.Scale(zero=True))
        colour = alt.Color(
            "what:N",
            legend=None,
            scale=alt.Scale(domain=list(WHATS), range=[look.ACCENT, look.QUIET, look.BAND_SIGN["yellow"]]),
        )
        base = alt.Chart(rows(told)).encode(x=x, xOffset=beside)
        bars = base.mark_bar().encode(y=y, color=colour, description="told:N", opacity=alt.value(0.75))
        tops = base.mark_text(dy=-6, fontSize=10, color=look.QUIET).encode(y=y, text="said:N")
        return finished(alt.layer(bars, tops).properties(width=width - 60, height=170))

    def table(self, frame: pl.DataFrame) -> Table:
        """By phase."""
        told = self._prepared(frame)
        return Table(
            (speech.told("Phase"), *(speech.said(word) for word in WHATS.values())),
            tuple(
                (row["phase"], *(whole(row[what]) for what in WHATS))
                for row in frame.sort("place").iter_rows(named=True)
            ),
            told=tuple(
                ("", *(row["told"] for row in told[at : at + len(WHATS)]))
                for at in range(0, len(told), len(WHATS))
            ),
        )

    def _prepared(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        return [
            {
                "phase": row["phase"], "what": what, "word": speech.said(word), "count": row[what],
                "said": whole(row[what]) if row[what] else "",
                "told": f"{row['phase']}, {speech.said(word)}: {measured(row[what], 'accounts')}",
            }
            for row in frame.sort("place").iter_rows(named=True)
            for what, word in WHATS.items()
        ]  # fmt: skip
