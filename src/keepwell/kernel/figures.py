"""Figures as people read them, the same on every page, in every chart and in every reason."""

MINUS = "\u2212"
SINGLE = {
    "days": "day", "people": "person", "events": "event", "hours": "hour", "minutes": "minute", "rows": "row",
    "files": "file", "tickets": "ticket",
}  # fmt: skip
BARE = ("", "NPS")


def figure(value: float) -> str:
    """One decimal at most: 0.3, 22.2, 18, 1,204; a true minus sign."""
    rounded = round(value, 1)
    text = f"{abs(rounded):,.{0 if float(rounded).is_integer() else 1}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def measured(value: float, unit: str, *, gap: str = " ") -> str:
    """A figure with its unit: "12 %", "1 day", "2.3 a month"; NPS stands bare."""
    text = figure(value)
    return text if unit in BARE else f"{text}{gap}{one_or_many(text, unit)}"


def one_or_many(text: str, unit: str) -> str:
    """The unit as it stands beside a figure: "day" beside "1"."""
    return SINGLE.get(unit, unit) if text == "1" else unit
