"""Who went from band to band: two columns of bands with a ribbon for each way, as wide as the accounts that took it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import polars as pl

from keepwell.charts import look
from keepwell.charts.chart import Spec, Table
from keepwell.charts.render import finished, rows
from keepwell.kernel import speech
from keepwell.kernel.days import day_said
from keepwell.kernel.figures import measured, whole

ORDER = ("green", "yellow", "red", "unknown", "none")
WORDS = {**look.BAND_WORD, "none": speech.later("Not there")}
STEPS = 14
RANK = {"red": 0, "yellow": 1, "green": 2}


@dataclass(frozen=True)
class BandFlow:
    """One row a way: `before`, `now`, `accounts`; "none" are those that came or left. `since` is the first day."""

    since: date
    slug: str = "band-flow"
    columns: tuple[str, ...] = ("before", "now", "accounts")
    widths: tuple[int, int] = (560, 330)

    def title(self, frame: pl.DataFrame) -> str:
        """How many fell, and how many rose."""
        fell, rose = (_moved(frame, sign) for sign in (-1, 1))
        if not fell and not rose:
            return speech.told("No account changed its band since %(day)s", day=day_said(self.since))
        return speech.told(
            "%(fell)s fell and %(rose)s rose since %(day)s",
            fell=whole(fell),
            rose=whole(rose),
            day=day_said(self.since),
        )

    def note(self, frame: pl.DataFrame) -> str:
        """How to read it."""
        return speech.told("Left then, right now.")

    def spec(self, frame: pl.DataFrame, *, width: int) -> Spec:
        """Ribbons behind, the bands' bars at both sides."""
        told = [row for row in frame.sort("before", "now").to_dicts() if row["accounts"]]
        total = max(1, sum(row["accounts"] for row in told))
        gap = total * 0.05
        left = _places(told, "before", gap)
        right = _places(told, "now", gap)
        x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.02, 1.02], nice=False))
        most = total + gap * (len(ORDER) - 1)
        y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[most, 0], nice=False))
        ribbons = []
        for row in told:
            way = f"{row['before']} to {row['now']}"
            said = _way(row)
            moved = row["before"] != row["now"]
            for point in _ribbon(left[way], right[way], row["accounts"]):
                ribbons.append({**point, "way": way, "band": row["now"], "told": said, "moved": moved})
        base = alt.Chart(rows(ribbons)).mark_area(line=False).encode(
            x=x, y=y, y2="y2:Q", detail="way:N", description="told:N",
            color=alt.Color("band:N", legend=None, scale=alt.Scale(domain=list(ORDER), range=_colours())),
            opacity=alt.condition("datum.moved", alt.value(0.55), alt.value(0.12)),
        )  # fmt: skip
        bars = [*_bars(told, "before", gap, 0.0), *_bars(told, "now", gap, 1.0)]
        marks = alt.Chart(rows(bars))
        posts = marks.mark_rect(width=9).encode(
            x=x, y=y, y2="y2:Q", description="told:N",
            color=alt.Color("band:N", legend=None, scale=alt.Scale(domain=list(ORDER), range=_colours())),
        )  # fmt: skip
        words = {"x": x, "y": alt.Y("middle:Q", axis=None), "text": "word:N"}
        then, now = (marks.transform_filter(f"datum.x == {side}") for side in (0, 1))
        names = (
            then.mark_text(align="right", dx=-9, fontSize=11, color=look.INK).encode(**words),
            now.mark_text(align="left", dx=9, fontSize=11, color=look.INK).encode(**words),
        )
        return finished(alt.layer(base, posts, *names).properties(width=width - 210, height=210))

    def table(self, frame: pl.DataFrame) -> Table:
        """Then, now, how many."""
        told = sorted(frame.to_dicts(), key=lambda row: (ORDER.index(row["before"]), ORDER.index(row["now"])))
        return Table(
            (speech.told("Then"), speech.told("Now"), speech.told("Accounts")),
            tuple((WORDS[row["before"]], WORDS[row["now"]], whole(row["accounts"])) for row in told),
            told=tuple(("", "", _way(row)) for row in told),
        )


def _way(row: dict[str, Any]) -> str:
    return speech.told(
        "%(accounts)s from %(before)s to %(now)s",
        accounts=whole(row["accounts"]),
        before=WORDS[row["before"]],
        now=WORDS[row["now"]],
    )


def _moved(frame: pl.DataFrame, sign: int) -> int:
    return sum(
        row["accounts"]
        for row in frame.to_dicts()
        if row["before"] in RANK
        and row["now"] in RANK
        and (RANK[row["now"]] - RANK[row["before"]]) * sign > 0
    )


def _colours() -> list[str]:
    return [*(look.BAND_SIGN[band] for band in ORDER if band in look.BAND_SIGN), look.LINE]


def _grounds(told: Iterable[dict[str, Any]], side: str, gap: float) -> dict[str, tuple[float, float]]:
    """By band from where to where its bar stands."""
    sums = {band: sum(row["accounts"] for row in told if row[side] == band) for band in ORDER}
    found, ground = {}, 0.0
    for band in ORDER:
        if sums[band]:
            found[band] = (ground, ground + sums[band])
            ground += sums[band] + gap
    return found


def _places(told: list[dict[str, Any]], side: str, gap: float) -> dict[str, float]:
    """By way where its ribbon begins on a side."""
    grounds = {band: start for band, (start, _) in _grounds(told, side, gap).items()}
    found = {}
    for row in sorted(told, key=lambda row: (ORDER.index(row["before"]), ORDER.index(row["now"]))):
        found[f"{row['before']} to {row['now']}"] = grounds[row[side]]
        grounds[row[side]] += row["accounts"]
    return found


def _ribbon(left: float, right: float, wide: float) -> Iterable[dict[str, float]]:
    for step in range(STEPS + 1):
        at = step / STEPS
        eased = at * at * (3 - 2 * at)
        top = left + (right - left) * eased
        yield {"x": at, "y": top, "y2": top + wide}


def _bars(told: list[dict[str, Any]], side: str, gap: float, at: float) -> Iterable[dict[str, Any]]:
    for band, (start, end) in _grounds(told, side, gap).items():
        count = end - start
        yield {
            "x": at, "y": start, "y2": end, "middle": (start + end) / 2, "band": band,
            "word": f"{WORDS[band]} {whole(count)}", "told": f"{WORDS[band]}: {measured(count, 'accounts')}",
        }  # fmt: skip
