"""Reads of declared custom fields."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Func, QuerySet, TextField, Value

from keepwell.ledger import models
from keepwell.ledger.models.base import KeyedFact

KINDS = ("text", "number", "money", "day", "truth", "choice")
MOST_VALUES = 10_000


@dataclass(frozen=True)
class DefinitionView:
    """A declared custom field; `retired_at` None while it holds."""

    noun: str
    slug: str
    title: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    help: str
    retired_at: datetime | None


def of_noun(noun: str) -> tuple[DefinitionView, ...]:
    """The fields that hold for a table, by title. One query."""
    return _views(models.FieldDefinition.objects.filter(noun=noun, retired_at=None))


def everything() -> tuple[DefinitionView, ...]:
    """All that were ever declared, by table and title. One query."""
    return _views(models.FieldDefinition.objects.all())


def stored_values(model: type[KeyedFact], slug: str) -> tuple[tuple[str, int], ...]:
    """What rows say in a custom field as text, and how many say so; the most frequent ones. One query."""
    said = Func(F("fields"), Value(slug), function="jsonb_extract_path_text", output_field=TextField())
    rows = model._default_manager.filter(fields__has_key=slug).annotate(said=said)
    counted = rows.filter(said__isnull=False).order_by().values("said").annotate(rows=Count("pk"))
    return tuple(counted.order_by("-rows", "said").values_list("said", "rows")[:MOST_VALUES])


def _views(rows: "QuerySet[models.FieldDefinition]") -> tuple[DefinitionView, ...]:
    return tuple(
        DefinitionView(
            noun=row.noun,
            slug=row.slug,
            title=row.title,
            kind=row.kind,
            choices=tuple(row.choices),
            required=row.required,
            help=row.help,
            retired_at=row.retired_at,
        )
        for row in rows.order_by("noun", "title", "slug")
    )
