"""Measures told in words."""

from collections.abc import Callable, Mapping
from typing import Any

from keepwell.kernel import speech
from keepwell.metrics import measures
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions import words as condition_words
from keepwell.metrics.declaring import form_of
from keepwell.metrics.measures import Events, Measure


def words(measure: Measure) -> str:
    """What is computed, as a sentence: "The number of people with usage events in the last 28 days, divided by …"."""
    said = _words(measure)
    return f"{said[:1].upper()}{said[1:]}."


def _words(measure: Measure) -> str:
    _, form = form_of(measure)
    ago = getattr(measure, "ago", 0)
    before = speech.told(", as it was %(ago)s days before", ago=ago) if ago else ""
    told = {name: _told(name, getattr(measure, name)) for name in (*form.needs, *form.may)}
    events = getattr(measure, "events", None)
    if isinstance(events, Events):
        told["event"] = events_words(events, one=True)
    return speech.told(form.words, **({"days": ""} | told)) + before


def _told(name: str, value: Any) -> str:
    if isinstance(value, Events):
        return events_words(value)
    if isinstance(value, measures.Leaf | measures.Branch):
        return _words(value)
    if isinstance(value, tree.Condition):
        return condition_words.words(value)
    return _FIGURES[name](value) if name in _FIGURES else str(value)


_FIGURES: Mapping[str, Callable[[Any], str]] = {
    "days": lambda days: speech.told(" in the last %(n)s days", n=days) if days else "",
    "step_days": lambda days: speech.counted(days, "one day", "%(n)s days", n=days),
    "per_days": lambda days: speech.told(", per %(n)s days", n=days) if days else "",
    "times": lambda times: "" if times == 1 else speech.told(", times %(n)s", n=f"{times:g}"),
}


def events_words(given: Events, *, one: bool = False) -> str:
    """Which events, in words; of one of them, or of all."""
    said = _events_words(given, (speech.told(" or ") if one else ", ").join(given.names), one)
    if given.where is None:
        return said
    return speech.told(
        "%(events)s (where %(condition)s)", events=said, condition=condition_words.words(given.where)
    )


def _events_words(given: Events, named: str, one: bool) -> str:
    if given.kind == "usage":
        said = speech.told("usage event") if one else speech.told("usage events")
        said += f" ({named})" if named else ""
        return speech.told("%(events)s of core features", events=said) if given.core else said
    if named:
        return speech.told("event %(names)s" if one else "events %(names)s", names=named)
    return speech.told("business fact") if one else speech.told("business facts")
