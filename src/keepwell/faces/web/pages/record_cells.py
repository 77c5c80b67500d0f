"""Stored values as a person reads them in a table."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.intake import objects
from keepwell.intake.kinds.base import Field
from keepwell.kernel.figures import figure

NOTHING = "–"
NUMBERS = ("amount", "number", "whole")


@dataclass(frozen=True)
class Cell:
    """One value: as a day where it is one, else as text; `align` is "end" for figures, `tone` how well that is."""

    text: str
    day: DayMark | None = None
    align: str = ""
    label: str = ""
    tone: str = ""


def cell(field: Field, value: Any, *, today: date) -> Cell:
    """A value of a field."""
    align = "end" if field.form in NUMBERS else ""
    if value is None or value in ("", [], {}):
        return Cell(NOTHING, align=align, label=field.title)
    if isinstance(value, datetime | date):
        when = value.date() if isinstance(value, datetime) else value
        return Cell("", DayMark.of(when, today=today, dated=True), label=field.title)
    return Cell(_text(field, value), align=align, label=field.title)


def _text(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, int | float):
        return figure(value)
    if field.choices:
        return words.spoken(str(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return objects.cell(value)
