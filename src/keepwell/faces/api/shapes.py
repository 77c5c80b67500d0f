"""The shapes of rows in the API, made from what each kind declares."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field as Described
from ninja import Schema
from pydantic import ConfigDict, WithJsonSchema, create_model

from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.intake.kinds.entry import JSON_SHAPES, Form
from keepwell.intake.objects import CUSTOM

CUSTOM_SHAPE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]
    },
    "description": "Custom fields; kept as text.",
}
# How a stored value is given out.
GIVEN: dict[Form, Any] = {
    "day": date,
    "moment": datetime,
    "number": float,
    "whole": int,
    "truth": bool,
    "list": list[str],
    "people": list[str],
    "limits": dict[str, float],
}


class VerdictOut(Schema):
    """What became of one row; `reason` says why it was rejected."""

    key: str
    outcome: Literal["created", "updated", "unchanged", "rejected"]
    reason: str


class VerdictsOut(Schema):
    """What became of the rows, in the order in which they came."""

    created: int
    updated: int
    unchanged: int
    rejected: int
    verdicts: list[VerdictOut]


class Shapes:
    """The shapes of one kind: a row as it is made, changed and given out; a page of rows; many rows at once."""

    def __init__(self, kind: ImportKind) -> None:
        name = "".join(word.title() for word in kind.singular.split())
        self.made = _asked(f"{name}In", kind, f"A {kind.singular}. {kind.help}", needed=True)
        self.changed = _asked(
            f"{name}Change", kind, f"What changes of a {kind.singular}; the rest stays.", needed=False
        )
        self.given = _given(f"{name}Row", kind)
        self.page: Any = create_model(
            f"{name}Page",
            __base__=Schema,
            __doc__="Some rows by key; ask again with `after` = `next` until `next` is null.",
            items=(list[self.given], ...),  # type: ignore[name-defined]
            next=(str | None, ...),
        )


def _asked(name: str, kind: ImportKind, said: str, *, needed: bool) -> Any:
    """A shape that tells what is taken and lets everything past: the kind's own parsers refuse, in words."""
    fields: dict[str, Any] = {
        field.slug: (
            Annotated[Any, WithJsonSchema(_shape(field))],
            ... if needed and field.required and field.slug != "key" else None,
        )
        for field in kind.fields
    }
    fields[CUSTOM] = (Annotated[Any, WithJsonSchema(CUSTOM_SHAPE)], None)

    class Base(Schema):
        model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})

    return create_model(name, __base__=Base, __doc__=said, **fields)


def _shape(field: Field) -> dict[str, Any]:
    """What JSON may hold for a field."""
    shape = dict(JSON_SHAPES[field.form])
    if field.choices:
        shape["enum"] = [*field.choices] if field.required else [*field.choices, "", None]
        if not field.required:
            del shape["type"]
    elif shape == {"type": "string"} and field.longest is not None:
        shape["maxLength"] = field.longest
    if not field.required and not field.choices:
        shape = {"anyOf": [*shape.pop("anyOf", [shape.copy()]), {"type": "null"}]}
    return shape | {"title": field.title, "description": field.help}


def _given(name: str, kind: ImportKind) -> Any:
    fields: dict[str, Any] = {field.slug: _out(field) for field in kind.fields}
    fields |= {field.slug: _out(field, readOnly=True) for field in kind.derived}
    fields[CUSTOM] = (dict[str, Any], Described(..., description="Custom fields."))
    return create_model(name, __base__=Schema, __doc__=kind.help, **fields)


def _out(field: Field, **said: Any) -> tuple[Any, Any]:
    python = GIVEN.get(field.form, str)
    told = Described(..., description=field.help, json_schema_extra=said or None)
    return (python if field.required else python | None, told)
