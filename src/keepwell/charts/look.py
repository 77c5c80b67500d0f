"""The one look of all charts, in the page's own colours."""

from typing import Any

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
BAND_WORD = {"green": "Healthy", "yellow": "Watch", "red": "At risk", "unknown": "Unknown"}

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
    """A time axis that says days as "3 Nov"."""
    return {"format": "%-d %b", "tickCount": count}
