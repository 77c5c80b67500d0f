"""What the form of a record asks: one input a declared field, what was typed, what was wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.faces.components import words
from keepwell.faces.web.pages.record_columns import FIRST
from keepwell.intake import objects
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.kernel.cells import as_cell
from keepwell.kernel.moments import utc
from keepwell.ledger.queries.definitions import DefinitionView

TYPES = {"day": "date", "moment": "datetime-local", "email": "email"}
MODES = {"amount": "decimal", "number": "decimal", "whole": "numeric"}
HOW = {"choice": "select", "truth": "select", "long_text": "lines"}
SHORT = ("day", "moment", "amount", "currency", "number", "whole", "truth", "choice")
HINTS = {
    "list": "between commas",
    "people": "keys between commas",
    "limits": "api_calls=100000; storage_gb=50",
    "currency": "USD",
}
CUSTOM = "custom."


@dataclass(frozen=True)
class Option:
    """A choice of a select."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Input:
    """One field of the form. `how` is its control: input, select, boxes or lines; `suggested` names its list of proposals."""

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
    suggested: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class FormPage:
    """The form of a new record, or of one that is there (`key`)."""

    title: str
    kind: str
    kind_title: str
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
    custom: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    may_write: bool


def inputs(
    kind: ImportKind,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    fixed: Sequence[str] = (),
    people: Sequence[tuple[str, str]] = (),
) -> tuple[Input, ...]:
    """An input for each field but those that are fixed, what a person knows best first."""
    first = {slug: place for place, slug in enumerate(FIRST.get(kind.slug, ()))}
    asked = [field for field in kind.fields if field.slug not in fixed]
    asked.sort(key=lambda field: first.get(field.slug, len(first)))
    return tuple(
        _input(field, typed.get(field.slug, ""), errors.get(field.slug, ""), people) for field in asked
    )


def customs(
    declared: Sequence[DefinitionView], stored: Mapping[str, Any], typed: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Custom fields as (name of the input, title, value): those that were declared first."""
    titles = {one.slug: one.title for one in declared} | {
        name: name for name in sorted(stored) if name not in {one.slug for one in declared}
    }
    return tuple(
        (f"{CUSTOM}{name}", title, typed.get(f"{CUSTOM}{name}", as_cell(stored.get(name))))
        for name, title in titles.items()
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


def _input(field: Field, value: str, error: str, people: Sequence[tuple[str, str]]) -> Input:
    form, is_key = field.form, field.slug == "key"
    how = HOW.get(form, "input")
    if form == "people" and people:
        how = "boxes"
    needed = field.required and not is_key
    return Input(
        name=field.slug,
        label=field.title,
        help="One is made when it is left empty." if is_key else _help(field),
        how=how,
        type=TYPES.get(form, "text"),
        mode=MODES.get(form, ""),
        value=value,
        hint=HINTS.get(form, ""),
        error=error,
        is_required=needed,
        is_short=form in SHORT,
        longest=field.longest,
        suggested="people" if form == "person" else "",
        options=_options(field, value, needed) if how == "select" else _boxes(value, people),
    )


def _boxes(value: str, people: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    """The people of the account, and whoever else was named, each to be ticked."""
    ticked = [key.strip() for key in value.split(",") if key.strip()]
    named = dict.fromkeys(ticked) | dict(people)
    return tuple(Option(key, name or key, key in ticked) for key, name in named.items())


def _help(field: Field) -> str:
    return f"{field.help.rstrip('.')}, UTC." if field.form == "moment" else field.help


def _options(field: Field, value: str, needed: bool) -> tuple[Option, ...]:
    told: tuple[tuple[str, str], ...]
    if field.form == "truth":
        told = (("", "Not said"), ("true", "Yes"), ("false", "No"))
    else:
        told = (
            ("", "Choose one" if needed else "–"),
            *((word, words.spoken(word)) for word in field.choices),
        )
    return tuple(Option(word, title, word == value) for word, title in told)
