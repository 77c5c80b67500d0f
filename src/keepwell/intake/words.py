"""What is known of sources, in words; pages, commands and answers say the same."""

from keepwell.intake.models.watching import DRIFTS
from keepwell.kernel.figures import figure

HOURS_A_DAY = 24


def drift(kind: str, name: str, prop: str, detail: str) -> str:
    """A change of what a source sends, as a sentence."""
    said = {
        "new_name": f"New event {name}",
        "new_property": f"{name} has a new property {prop} ({detail})",
        "type_changed": f"{name}: {prop} changed from {detail}",
        "name_stopped": f"{name} was usual and no longer comes",
        "property_stopped": f"{name} used to have {prop}, and no longer has",
        "too_many_names": f"More than {detail} event names: the others cannot be followed",
        "too_many_properties": f"{name} has more than {detail} properties: the others cannot be followed",
    }
    assert set(said) == set(DRIFTS)
    return said[kind]


def span(hours: float) -> str:
    """A number of hours as people say it: "6 hours", "3 days"."""
    if hours >= 2 * HOURS_A_DAY:
        days = figure(round(hours / HOURS_A_DAY, 1))
        return f"{days} days"
    text = figure(round(hours, 1))
    return "hour" if text == "1" else f"{text} hours"


def cadence(declared: int | None, usual: float | None) -> str:
    """How often a source is expected, as after "every"."""
    if declared == 0:
        return "nothing is expected"
    if declared is not None:
        return f"{span(declared)} (declared)"
    return "too little history to tell" if usual is None else span(usual)


def volume(events: int, low: int | None, high: int | None) -> str:
    """A day's events against what is usual."""
    said = f"{events:,} event{'' if events == 1 else 's'}"
    if low is None or high is None:
        return f"{said}; too little history to tell"
    usual = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    if low <= events <= high:
        return f"{said}, usual ({usual})"
    return f"{said}, far {'fewer' if events < low else 'more'} than usual ({usual})"
