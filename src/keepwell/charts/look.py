"""The one look of all charts, in the page's own colours."""

from typing import Any

from keepwell.kernel import speech
from keepwell.kernel.days import day_pattern
from keepwell.kernel.figures import MINUS

FONT = "ui-sans-serif, system-ui, sans-serif"
INK, QUIET, FAINT, LINE = "var(--ink)", "var(--ink-quiet)", "var(--ink-faint)", "var(--line)"
ACCENT = "var(--accent)"
BAND_GROUND = {"green": "var(--good-ground)", "yellow": "var(--warn-ground)", "red": "var(--bad-ground)"}
BAND_SIGN = {
    "green": "var(--good)",
    "yellow": "var(--warn)",
    "red": "var(--bad)",
    "unknown": "var(--unknown)",
}
BAND_WORD = {
    "green": speech.later("Healthy"),
    "yellow": speech.later("Watch"),
    "red": speech.later("At risk"),
    "unknown": speech.later("Unknown"),
}

_AXIS = {
    "domain": False,
    "ticks": False,
    "grid": False,
    "labelColor": QUIET,
    "labelFont": FONT,
    "labelFontSize": 11,
    "labelPadding": 6,
    "title": None,
}

CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "mark": {"color": INK},
    "axis": _AXIS,
    "axisY": {"grid": True, "gridColor": LINE, "gridWidth": 1, "tickCount": 4},
    "axisX": {"labelFlush": True, "labelOverlap": "greedy", "tickCount": 6},
    "text": {"font": FONT, "fontSize": 11, "color": QUIET},
}


def day_axis(*, count: int = 6) -> dict[str, Any]:
    """A time axis that says days as "3 Nov", in the order of the reader's language."""
    order = day_pattern(speech.language())
    return {"format": order.replace("d", "%-d").replace("MMM", "%b"), "tickCount": count}


def numbers(language: str) -> dict[str, Any]:
    """How the axes of a language write numbers, as D3 asks."""
    latin = speech.locale(language).number_symbols["latn"]
    around = {"decimal": latin["decimal"], "thousands": latin["group"], "minus": MINUS}
    return {**around, "grouping": [3], "currency": ["", ""]}


def calendar(language: str) -> dict[str, Any]:
    """How the axes of a language write days and months, as D3 asks."""
    locale = speech.locale(language)
    names, weekdays = locale.months["stand-alone"], locale.days["stand-alone"]
    short = locale.months["format"]["abbreviated"]
    order = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%x, %X", "date": "%-d/%-m/%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"],
        "days": [weekdays["wide"][day] for day in order],
        "shortDays": [weekdays["abbreviated"][day] for day in order],
        "months": [names["wide"][month] for month in range(1, 13)],
        "shortMonths": [short[month] for month in range(1, 13)],
    }  # fmt: skip
