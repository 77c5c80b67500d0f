"""What is known of sources, in words; pages, commands and answers say the same."""

from keepwell.intake.models.watching import DRIFTS
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, whole

HOURS_A_DAY = 24


def drift(kind: str, name: str, prop: str, detail: str) -> str:
    """A change of what a source sends, as a sentence."""
    said = {
        "new_name": speech.told("New event %(name)s", name=name),
        "new_property": speech.told(
            "%(name)s has a new property %(prop)s (%(detail)s)", name=name, prop=prop, detail=detail
        ),
        "type_changed": speech.told(
            "%(name)s: %(prop)s changed from %(detail)s", name=name, prop=prop, detail=detail
        ),
        "name_stopped": speech.told("%(name)s was usual and no longer comes", name=name),
        "property_stopped": speech.told(
            "%(name)s used to have %(prop)s, and no longer has", name=name, prop=prop
        ),
        "too_many_names": speech.told(
            "More than %(detail)s event names: the others cannot be followed", detail=detail
        ),
        "too_many_properties": speech.told(
            "%(name)s has more than %(detail)s properties: the others cannot be followed",
            name=name,
            detail=detail,
        ),
    }
    assert set(said) == set(DRIFTS)
    return said[kind]


def span(hours: float) -> str:
    """A number of hours as people say it: "6 hours", "3 days"."""
    if hours >= 2 * HOURS_A_DAY:
        days = figure(round(hours / HOURS_A_DAY, 1))
        return speech.told("%(days)s days", days=days)
    text = figure(round(hours, 1))
    return speech.told("hour") if text == "1" else speech.told("%(text)s hours", text=text)


def cadence(declared: int | None, usual: float | None) -> str:
    """How often a source is expected, as after "every"."""
    if declared == 0:
        return speech.told("nothing is expected")
    if declared is not None:
        return speech.told("%(span)s (declared)", span=span(declared))
    return speech.told("too little history to tell") if usual is None else span(usual)


def volume(events: int, low: int | None, high: int | None) -> str:
    """A day's events against what is usual."""
    said = speech.counted(events, "%(n)s event", "%(n)s events", n=whole(events))
    if low is None or high is None:
        return speech.told("%(said)s; too little history to tell", said=said)
    usual = (
        whole(low)
        if low == high
        else speech.told("%(whole)s to %(whole2)s", whole=whole(low), whole2=whole(high))
    )
    if low <= events <= high:
        return speech.told("%(said)s, usual (%(usual)s)", said=said, usual=usual)
    return speech.told(
        "%(said)s, far fewer than usual (%(usual)s)"
        if events < low
        else "%(said)s, far more than usual (%(usual)s)",
        said=said,
        usual=usual,
    )
