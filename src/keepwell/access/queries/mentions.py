"""Rows of any tables that mention a customer's person, found by the text of their columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from keepwell.hooks.subjects import Subject, means_person, names, scrub

TEXTS = (models.CharField, models.TextField, models.JSONField)


@dataclass(frozen=True)
class Mention:
    """A row that mentions the person: its values by column, those that do, and what stands there instead."""

    pk: Any
    before: dict[str, Any]
    after: dict[str, Any]


def columns(
    model: type[models.Model], *, kept: frozenset[str] = frozenset()
) -> "list[models.Field[Any, Any]]":
    """The columns of a table in which somebody may be mentioned: texts, lists and JSON whose values are not fixed."""
    return [
        field
        for field in model._meta.concrete_fields
        if _is_text(field) and not field.choices and f"{model.__name__}.{field.name}" not in kept
    ]


def _is_text(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field.base_field if isinstance(field, ArrayField) else field, TEXTS)


def of(
    subject: Subject,
    model: type[models.Model],
    *,
    pseudonyms: dict[str, str],
    kept: frozenset[str] = frozenset(),
    whole: bool = False,
    lock: bool = False,
) -> Iterator[Mention]:
    """The rows of a table that mention the person. One pass over the table, however many rows it has.

    With `whole` a JSON object that says whose it is by the person's key or address goes as a whole.
    """
    searched = columns(model, kept=kept)
    wanted = _perhaps(searched, subject)
    if not wanted:
        return
    found = model._default_manager.annotate(
        **{f"as_text_{f.name}": Cast(f.name, models.TextField()) for f in searched}
    ).filter(wanted)
    if lock:
        found = found.select_for_update()
    for row in found.values("pk", *(f.name for f in searched)).order_by().iterator(chunk_size=1000):
        before = {f.name: row[f.name] for f in searched}
        after = {
            f.name: {}
            if whole and isinstance(row[f.name], dict) and names(row[f.name], subject)
            else _scrubbed(f, row[f.name], subject, pseudonyms)
            for f in searched
            if row[f.name] not in (None, "", {}, [])
        }
        changed = {name: value for name, value in after.items() if value != before[name]}
        if changed:
            yield Mention(row["pk"], before, changed)


def _perhaps(searched: "Sequence[models.Field[Any, Any]]", subject: Subject) -> Q:
    wanted = Q()
    for field in searched:
        column = f"as_text_{field.name}"
        for needle in subject.needles:
            wanted |= Q(**{f"{column}__icontains": needle})
        for key in subject.short_keys:
            if isinstance(field, models.JSONField):
                wanted |= Q(**{f"{column}__contains": f'"{key}"'}) | Q(**{f"{column}__contains": f": {key}"})
            elif isinstance(field, ArrayField) and means_person(field.name):
                wanted |= Q(**{f"{field.name}__contains": [key]})
            elif means_person(field.name):
                wanted |= Q(**{column: key})
    return wanted


def _scrubbed(
    field: "models.Field[Any, Any]", value: Any, subject: Subject, pseudonyms: dict[str, str]
) -> Any:
    """What stands there instead; where values must differ from each other the mention becomes the pseudonym."""
    if not field.unique:
        return scrub(value, subject, pseudonyms, under=field.name)
    stand_in = next(iter(pseudonyms.values()), "")
    text = scrub(value, subject, pseudonyms, under=field.name, inside=stand_in)
    return text[: field.max_length] if isinstance(text, str) and field.max_length else text
