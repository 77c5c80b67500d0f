"""What the figures of a proof come to, in one word; the rules stand here and nowhere else."""

from collections.abc import Mapping
from typing import Any

from keepwell.kernel import speech

LEAST_DEPARTURES = 10
ENOUGH_DEPARTURES = 30
USEFUL, CLEAR = 0.70, 0.60
SURE = 0.05

TITLES = {
    "proven": speech.later("Proven"),
    "weak": speech.later("Weak"),
    "chance": speech.later("No better than chance"),
    "too_little": speech.later("Too little data to tell"),
}


def verdict(figures: Mapping[str, Any]) -> str:
    """proven, weak, chance or too_little.

    too_little: fewer than 10 departures; or chance is not ruled out, but neither is a useful score (the interval still
    reaches 0.70) or fewer than 30 departures were seen. chance: not ruled out, and a useful score is. weak: better than chance,
    but perhaps by little (the interval begins under 0.60), or a naive rule is surely better. proven: the rest.
    Chance is ruled out when shuffled fates do as well in under 5 % and the interval by account lies above 0.5.
    """
    area = figures["area"]
    if figures["departures"] < LEAST_DEPARTURES or area["auc"] is None or area["high"] is None:
        return "too_little"
    if figures["chance"]["p"] >= SURE or area["low"] <= 0.5:
        undecided = area["high"] >= USEFUL or figures["departures"] < ENOUGH_DEPARTURES
        return "too_little" if undecided else "chance"
    return "weak" if area["low"] < CLEAR or better_rivals(figures) else "proven"


def better_rivals(figures: Mapping[str, Any]) -> list[str]:
    """The naive rules whose AUC is above the card's by more than chance explains."""
    told = [rival for rival in figures["rivals"] if rival["told"] and rival["slug"] != "other"]
    return [rival["slug"] for rival in told if rival["high"] is not None and rival["high"] < 0]
