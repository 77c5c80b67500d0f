"""Stored values as a person reads them in a table."""

import re
from collections.abc import Mapping
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
SPOKEN = ("kind", "severity", "phase", "tier", "role", "state", "status")
SLUG = re.compile(r"[a-z]+(_[a-z]+)*")
NUMBERS = ("amount", "number", "whole")


@dataclass(frozen=True)
class Cell:
    """One value: as a day where it is one, else as text; `align` is "end" for figures, `tone` how well that is."""

    text: str
    day: DayMark | None = None
    align: str = ""
    label: str = ""
    tone: str = ""


def cell(field: Field, value: Any, *, today: date, names: Mapping[str, str]) -> Cell:
    """A value of a field; `names` tells what people and rows that are named by key are called."""
    align = "end" if field.form in NUMBERS else ""
    if value is None or value in ("", [], {}):
        return Cell(NOTHING, align=align, label=field.title)
    if isinstance(value, datetime | date):
        when = value.date() if isinstance(value, datetime) else value
        return Cell("", DayMark.of(when, today=today, dated=True), label=field.title)
    return Cell(_text(field, value, names), align=align, label=field.title)


def _text(field: Field, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, int | float):
        return figure(value)
    if isinstance(value, list | tuple):
        return ", ".join(names.get(str(item)) or str(item) for item in value)
    return _called(field, value, names) if isinstance(value, str) else objects.cell(value)


def _called(field: Field, value: str, names: Mapping[str, str]) -> str:
    if field.choices or (field.slug in SPOKEN and SLUG.fullmatch(value)):
        return words.spoken(value)
    return names.get(value) or value
