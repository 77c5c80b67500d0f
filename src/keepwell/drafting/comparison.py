"""Two versions of a card side by side, or a card beside what is known of the naive rules: the rows of a comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.health import verdicts
from keepwell.kernel.figures import shared, whole


@dataclass(frozen=True)
class Line:
    """One question, and how each answers it."""

    title: str
    ours: str
    theirs: str


def lines(figures: Mapping[str, Any]) -> tuple[Line, ...]:
    """What stands beside what; the second column is empty where there is nothing to compare with."""
    other = figures.get("other")
    told = [(title, say(figures), say(other) if other else "") for title, say in QUESTIONS]
    return tuple(Line(*one) for one in told)


def difference(figures: Mapping[str, Any]) -> str:
    """Whether the one is surely better than the other, in a sentence; empty without another."""
    rival = next((one for one in figures["rivals"] if one["slug"] == "other" and one["told"]), None)
    if rival is None:
        return ""
    if rival["low"] is None:
        return "Too few customers left to tell which is better."
    by = f"{rival['difference']:+.3f} ({rival['low']:+.3f} to {rival['high']:+.3f})".replace("-", "\u2212")
    if rival["low"] > 0:
        return f"It is surely better: AUC {by} on the same days of the same accounts."
    if rival["high"] < 0:
        return f"It is surely worse: AUC {by} on the same days of the same accounts."
    return f"Neither is surely better: AUC {by} on the same days of the same accounts."


def _share(share: Mapping[str, Any]) -> str:
    if share["share"] is None:
        return "none was seen"
    return f"{shared(100 * share['share'])} ({100 * share['low']:.0f} to {100 * share['high']:.0f})"


def _band(figures: Mapping[str, Any], name: str) -> str:
    return next(_share(band) for band in figures["bands"] if band["band"] == name)


def _caught(figures: Mapping[str, Any]) -> str:
    return f"{whole(figures['lead']['caught'])} of {whole(figures['lead']['departures'])}"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} days"


def _early(figures: Mapping[str, Any]) -> str:
    share = figures["lead"]["at_least"]["60"]
    return "–" if share is None else shared(100 * share)


def _burden(figures: Mapping[str, Any]) -> str:
    alarm = figures["alarm"]
    if alarm["per_csm_week"] is not None:
        return f"{alarm['per_csm_week']:.1f} a CSM and week"
    return "–" if alarm["per_week"] is None else f"{alarm['per_week']:.1f} a week"


def _arr(figures: Mapping[str, Any]) -> str:
    alarm = figures["alarm"]
    return shared(100 * alarm["warned_arr"] / alarm["lost_arr"]) if alarm["lost_arr"] else "–"


QUESTIONS = (
    ("AUC, 95 % by account", lambda figures: verdicts.area(figures["area"])),
    ("Departures foretold", lambda figures: whole(figures["departures"])),
    ("Reds that led to a departure", lambda figures: _share(figures["alarm"]["precision"])),
    ("Departures that were in red", lambda figures: _share(figures["alarm"]["recall"])),
    ("In red without a break until they left", _caught),
    ("Lost ARR that was in red", _arr),
    ("Lead time of those caught, median", lambda figures: _days(figures["lead"]["median_caught"])),
    ("Lead time of all, missed as 0", lambda figures: _days(figures["lead"]["mean_all"])),
    ("In red 60 days before or longer", _early),
    ("Alarms", _burden),
    ("Left of the healthy", lambda figures: _band(figures, "green")),
    ("Left of those to watch", lambda figures: _band(figures, "yellow")),
    ("Left of those at risk", lambda figures: _band(figures, "red")),
)
