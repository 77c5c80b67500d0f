"""Hold the custom fields of rows to what was declared, and to a size, before they are stored."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from keepwell.intake import customs
from keepwell.kernel import errors, figures
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import definitions
from keepwell.ledger.queries.definitions import DefinitionView

MOST_FIELDS = 100
MOST_BYTES = 10_000
Row = dict[str, Any]
_encode = msgspec.json.Encoder().encode


def sort(model: type[KeyedFact], rows: Sequence[Row]) -> tuple[list[Row], dict[int, str]]:
    """The rows with their custom fields as they are to be stored, and why others are refused, by place.

    Fields that nobody declared stay free. One query; one more where rows have custom fields or some are needed.
    """
    declared = {one.slug: one for one in definitions.of_noun(str(model._meta.model_name))}
    needed = [one for one in declared.values() if one.required]
    asked = [row["key"] for row in rows if row.get("fields") or needed]
    stored = dict(model._default_manager.filter(key__in=asked).values_list("key", "fields")) if asked else {}
    good: list[Row] = []
    refused: dict[int, str] = {}
    for place, row in enumerate(rows):
        try:
            told = _checked(row, declared, needed, stored.get(row["key"]))
        except errors.Invalid as refusal:
            refused[place] = refusal.english
        else:
            good.append(row | {"fields": told})
            if told:
                stored[row["key"]] = (stored.get(row["key"]) or {}) | told
    return good, refused


def _checked(
    row: Row,
    declared: Mapping[str, DefinitionView],
    needed: Sequence[DefinitionView],
    before: Mapping[str, Any] | None,
) -> dict[str, Any]:
    said: Mapping[str, Any] = row.get("fields") or {}
    told = {
        name: customs.coerced(declared[name], value) if name in declared else value
        for name, value in said.items()
    }
    merged = {**(before or {}), **told}
    if before is None:
        for definition in needed:
            customs.coerced(definition, merged.get(definition.slug))
    if told:
        _measure({name: value for name, value in merged.items() if value is not None})
    return told


def _measure(fields: Mapping[str, Any]) -> None:
    if len(fields) > MOST_FIELDS:
        raise errors.Invalid(
            "the row would have %(n)s custom fields; at most %(most_fields)s are taken.",
            n=len(fields),
            most_fields=MOST_FIELDS,
        )
    size = len(_encode(fields))
    if size > MOST_BYTES:
        raise errors.Invalid(
            "its custom fields would take %(size)s bytes; at most %(most_bytes)s are taken. Leave "
            "out long texts.",
            size=figures.Whole(size),
            most_bytes=figures.Whole(MOST_BYTES),
        )
