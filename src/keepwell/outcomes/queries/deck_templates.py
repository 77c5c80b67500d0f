"""The company's own paper for decks."""

from dataclasses import dataclass
from datetime import datetime

from keepwell.outcomes import models


@dataclass(frozen=True)
class TemplateView:
    """The file that is in force, without its bytes."""

    id: int
    name: str
    layouts: tuple[str, ...]
    added_by: str
    added_at: datetime


def current() -> TemplateView | None:
    """What is in force, if anything. One query."""
    row = (
        models.DeckTemplate.objects.filter(ended_at=None).defer("content").select_related("added_by").first()
    )
    if row is None:
        return None
    return TemplateView(row.pk, row.name, tuple(row.layouts), str(row.added_by or ""), row.added_at)


def content() -> bytes | None:
    """Its bytes; None where decks are made on our own paper. One query."""
    found = models.DeckTemplate.objects.filter(ended_at=None).values_list("content", flat=True).first()
    return None if found is None else bytes(found)
