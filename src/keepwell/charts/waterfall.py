"""From one figure to another by its causes: bars that hang where the last one ended."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel.figures import figure

ROW = 30
COLOURS = {"up": "var(--good)", "down": "var(--bad)", "end": look.ACCENT}


@dataclass(frozen=True)
class Waterfall:
    """One row a cause in the order of `place`: `label`, `change`. The first row's `change` is the figure before.

    `finding` is the title, `before` and `after` name the two ends, `name` what the figures are.
    """

    finding: str
    name: str
    before: str
    after: str
    slug: str = "waterfall"
    columns: tuple[str, ...] = ("place", "label", "change")
    widths: tuple[int, int] = (720, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """The finding."""
        return self.finding

    def note(self, frame: pl.DataFrame) -> str:
        """Nothing that the title does not say."""
        return ""

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Ends from zero, causes from where the last one ended; the figures stand beside."""
        data = rows(self._prepared(frame))
        names = 320 if width > 500 else 140
        order = alt.EncodingSortField("place")
        # A reader's letters may be wider than those by which the room was measured.
        axis = alt.Axis(minExtent=names - 20, labelLimit=0.85 * (names - 20), labelColor=look.INK)
        y = alt.Y("label:N", sort=order, axis=axis)
        scale = alt.Scale(domain=[0, 100], clamp=True)
        x = alt.X(
            "low:Q",
            scale=scale,
            axis=alt.Axis(tickCount=5 if width > 500 else 3, grid=True, gridColor=look.LINE),
        )
        base = alt.Chart(data).encode(y=y)
        bars = base.mark_bar(size=14, cornerRadius=2).encode(
            x=x, x2="high:Q", color=alt.Color("colour:N", scale=None), description="told:N"
        )
        words = base.mark_text(align="left", dx=6, fontSize=11, color=look.QUIET).encode(
            x=alt.X("high:Q", scale=scale), text="figures:N"
        )
        layers = alt.layer(bars, words)
        return finished(layers.properties(width=width - names - 60, height=ROW * (frame.height + 1)))

    def table(self, frame: pl.DataFrame) -> Table:
        """In order; where it ends, the title says."""
        told = self._prepared(frame)[: frame.height]
        return Table(("", self.name), tuple((row["label"], row["figures"]) for row in told))

    def _prepared(self, frame: pl.DataFrame) -> list[dict[str, Any]]:
        told = frame.sort("place").select("place", "label", "change").to_dicts()
        start = float(told[0]["change"])
        found, stands = [_bar(told[0]["place"], self.before, 0.0, start, "end", figure(start))], start
        for row in told[1:]:
            to = stands + row["change"]
            kind, sign = ("up", "+") if row["change"] > 0 else ("down", "")
            found.append(_bar(row["place"], row["label"], stands, to, kind, f"{sign}{figure(row['change'])}"))
            stands = to
        return [*found, _bar(told[-1]["place"] + 1, self.after, 0.0, stands, "end", figure(stands))]


def _bar(place: int, label: str, one: float, other: float, kind: str, figures: str) -> dict[str, Any]:
    low, high = min(one, other), max(one, other)
    return {
        "place": place, "label": label, "low": low, "high": high, "colour": COLOURS[kind], "figures": figures,
        "told": f"{label}: {figures}",
    }  # fmt: skip
