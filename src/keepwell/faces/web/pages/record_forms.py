"""What the form of a record asks: one input a declared field, what was typed, what was wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from keepwell.faces.components import words
from keepwell.faces.web.pages.record_cells import NOTHING, Cell, cell
from keepwell.faces.web.pages.record_columns import FIRST
from keepwell.intake import objects
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.intake.queries import naming
from keepwell.intake.queries.naming import Names
from keepwell.kernel import speech
from keepwell.kernel.cells import as_cell
from keepwell.kernel.moments import utc
from keepwell.ledger.queries.definitions import DefinitionView
from keepwell.ledger.queries.records import Record

Offered = Mapping[str, Sequence[tuple[str, str]]]
TYPES = {"day": "date", "moment": "datetime-local", "email": "email", "colleague": "email"}
MODES = {"amount": "decimal", "number": "decimal", "whole": "numeric"}
HOW = {"choice": "select", "truth": "select", "long_text": "lines", "account": "account"}
SHORT = ("day", "moment", "amount", "currency", "number", "whole", "truth", "choice")
HINTS = {
    "list": speech.later("between commas"),
    "people": speech.later("keys between commas"),
    "limits": speech.later("api_calls=100000; storage_gb=50"),
    "currency": "USD",
}
CUSTOM = "custom."
LONG = 200
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
KEYED = re.compile(r"^(?:E-mail address|Key) of (\w)")


@dataclass(frozen=True)
class Option:
    """A choice of a select."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Input:
    """One field of the form. `how` is its control: input, account, select, boxes or lines."""

    name: str
    label: str
    help: str
    how: str
    type: str
    mode: str
    value: str
    hint: str
    error: str
    is_required: bool
    is_short: bool
    longest: int | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class FormPage:
    """The form of a new record, or of one that is there (`key`)."""

    title: str
    kind: str
    singular: str
    help: str
    key: str
    account: str
    account_name: str
    back: str
    back_title: str
    refused: str
    inputs: tuple[Input, ...]
    own_key: Input | None
    custom: tuple[Input, ...]
    facts: tuple[Cell, ...]
    may_write: bool
    may_remove: bool
    take_off: str


def inputs(
    kind: ImportKind,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    fixed: Sequence[str] = (),
    offered: Offered,
) -> tuple[Input, ...]:
    """An input for each field but those that are fixed, what a person knows best first."""
    first = {slug: place for place, slug in enumerate(FIRST.get(kind.slug, ()))}
    asked = [field for field in kind.fields if field.slug not in fixed]
    asked.sort(key=lambda field: first.get(field.slug, len(first)))
    return tuple(
        _input(field, typed.get(field.slug, ""), errors.get(field.slug, ""), offered) for field in asked
    )


def customs(
    declared: Sequence[DefinitionView], stored: Mapping[str, Any], typed: Mapping[str, str]
) -> tuple[Input, ...]:
    """An input for each custom field: those that were declared first, then what the row says besides."""
    known = {one.slug for one in declared}
    told = {name: typed.get(f"{CUSTOM}{name}", as_cell(stored.get(name))) for name in (*known, *stored)}
    return (
        *(_declared(one, told[one.slug]) for one in declared),
        *(_custom(name, name, told[name]) for name in sorted(stored) if name not in known),
    )


def _declared(field: DefinitionView, value: str) -> Input:
    words_of: dict[str, tuple[tuple[str, str], ...]] = {
        "truth": (("", speech.told("Not said")), ("true", speech.told("Yes")), ("false", speech.told("No"))),
        "choice": (("", "–"), *((word, word) for word in field.choices)),
    }
    offered = words_of.get(field.kind, ())
    if offered and value not in dict(offered):
        offered = ((value, value), *offered)
    return replace(
        _custom(field.slug, field.title, value),
        help=field.help,
        how="select" if offered else "input",
        type="date" if field.kind == "day" and (not value or ISO_DAY.fullmatch(value)) else "text",
        mode="decimal" if field.kind in ("number", "money") else "",
        is_required=field.required,
        options=tuple(Option(word, title, word == value) for word, title in offered),
    )


def _custom(name: str, title: str, value: str) -> Input:
    return Input(
        name=f"{CUSTOM}{name}",
        label=title,
        help="",
        how="input",
        type="text",
        mode="",
        value=value,
        hint="",
        error="",
        is_required=False,
        is_short=True,
        longest=None,
        options=(),
    )


def typed_from(kind: ImportKind, values: Mapping[str, Any]) -> dict[str, str]:
    """Stored values as their inputs show them."""
    return {field.slug: _typed(field, values.get(field.slug)) for field in kind.fields}


def _typed(field: Field, value: Any) -> str:
    if field.form == "moment" and isinstance(value, datetime):
        return utc(value).strftime("%Y-%m-%dT%H:%M:%S" if value.second else "%Y-%m-%dT%H:%M")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return objects.cell(value)


def facts(kind: ImportKind, record: Record, *, names: Names, today: date) -> tuple[Cell, ...]:
    """What is known of a row, for reading: its fields, then the custom ones."""
    cells = [
        cell(field, record.values.get(field.slug), today=today, names=names, account=record.account)
        for field in kind.fields
        if field.slug not in ("key", "account")
    ]
    more = [Cell(as_cell(value), label=words.spoken(name)) for name, value in sorted(record.fields.items())]
    return (*(one for one in cells if one.text != NOTHING), *more)


def _input(field: Field, value: str, error: str, offered: Offered) -> Input:
    form, is_key = field.form, field.slug == "key"
    choices = offered.get(naming.noun(field), ())
    how = HOW.get(form, "input")
    if choices:
        how = "boxes" if form == "people" else "select"
    needed = field.required and not is_key
    return Input(
        name=field.slug,
        label=field.title,
        help=speech.told("One is made when it is left empty.")
        if is_key
        else _help(field, is_chosen=bool(choices)),
        how=how,
        type=TYPES.get(form, "text"),
        mode=MODES.get(form, ""),
        value=value,
        hint=HINTS.get(form, ""),
        error=error,
        is_required=needed,
        is_short=form in SHORT or how == "select" or (form == "text" and (field.longest or LONG) < LONG),
        longest=field.longest,
        options=_boxes(value, choices) if how == "boxes" else _options(field, value, needed, choices),
    )


def _boxes(value: str, people: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    """The people of the account, and whoever else was named, each to be ticked."""
    ticked = [key.strip() for key in value.split(",") if key.strip()]
    named = dict.fromkeys(ticked) | dict(people)
    return tuple(Option(key, name or key, key in ticked) for key, name in named.items())


def _help(field: Field, *, is_chosen: bool) -> str:
    """What it is; where one chooses by name nothing need be said of keys and addresses."""
    if is_chosen:
        return KEYED.sub(lambda begun: begun[1].upper(), field.help)
    return (
        speech.told("%(rstrip)s, UTC.", rstrip=field.help.rstrip("."))
        if field.form == "moment"
        else field.help
    )


def _options(
    field: Field, value: str, needed: bool, choices: Sequence[tuple[str, str]]
) -> tuple[Option, ...]:
    told: tuple[tuple[str, str], ...] = ()
    nothing = speech.told("Choose one") if needed else "–"
    if choices:
        known = dict(choices)
        stays = ((value, value),) if value and value not in known else ()
        told = (("", nothing), *stays, *choices)
    elif field.form == "truth":
        told = (("", speech.told("Not said")), ("true", speech.told("Yes")), ("false", speech.told("No")))
    elif field.choices:
        told = (("", nothing), *((word, words.spoken(word)) for word in field.choices))
    return tuple(Option(word, title, word == value) for word, title in told)
