"""Stored values as a person reads them in a table."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.intake import objects
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import Field
from keepwell.intake.queries import naming
from keepwell.intake.queries.naming import Names
from keepwell.kernel import speech
from keepwell.kernel.figures import figure

NOTHING = "–"
SPOKEN = ("kind", "severity", "phase", "tier", "role", "roles", "state", "status")
SLUG = re.compile(r"[a-z]+(_[a-z]+)*")
NUMBERS = ("amount", "number", "whole")


@dataclass(frozen=True)
class Named:
    """Something that a row names by its key, as it is called; `href` leads to it where it has a page."""

    name: str
    key: str
    href: str


@dataclass(frozen=True)
class Cell:
    """One value: as a day where it is one, else as text; `align` is "end" for figures, `tone` how well that is.

    `named` are the people and rows that stand in it, instead of text.
    """

    text: str
    day: DayMark | None = None
    align: str = ""
    label: str = ""
    tone: str = ""
    named: tuple[Named, ...] = ()


def cell(field: Field, value: Any, *, today: date, names: Names, account: str = "", back: str = "") -> Cell:
    """A value of a field; `names` tells what is called how that is named by key, `account` whose row it is."""
    align = "end" if field.form in NUMBERS else ""
    if value is None or value in ("", [], {}):
        return Cell(NOTHING, align=align, label=field.title)
    if isinstance(value, datetime | date):
        when = value.date() if isinstance(value, datetime) else value
        return Cell("", DayMark.of(when, today=today, dated=True), label=field.title)
    if of := naming.noun(field):
        told = tuple(_named(of, key, names, account, back) for key in naming.keys(value))
        return Cell(", ".join(one.name for one in told), label=field.title, named=told)
    return Cell(_text(field, value), align=align, label=field.title)


def _named(of: str, key: str, names: Names, account: str, back: str) -> Named:
    name = names.get((of, key))
    if name is None or of not in KINDS:
        return Named(name or key, key, "")
    more = {"account": account if of == "people" else "", "back": back}
    query = urlencode({word: said for word, said in more.items() if said})
    return Named(name, key, reverse("record", args=(of, key)) + (f"?{query}" if query else ""))


def _text(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return speech.told("Yes") if value else speech.told("No")
    if isinstance(value, Decimal):
        return f"{value:,.2f}".removesuffix(".00")
    if isinstance(value, int | float):
        return figure(value)
    if isinstance(value, list | tuple):
        return ", ".join(_spoken(field, str(item)) for item in value)
    if not isinstance(value, str):
        return objects.cell(value)
    return _spoken(field, value)


def _spoken(field: Field, value: str) -> str:
    is_slug = field.choices or (field.slug in SPOKEN and SLUG.fullmatch(value))
    return words.spoken(value) if is_slug else value
