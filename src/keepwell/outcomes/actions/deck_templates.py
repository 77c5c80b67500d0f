"""Deeds on the company's own paper for decks: one is in force, the one before can be taken up again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, NotFound
from keepwell.outcomes import models


def adopt(*, name: str, content: bytes, layouts: Sequence[str], by: Scope, at: datetime) -> int:
    """Make decks with this file from now on; gives its number. Who calls has checked that it can be drawn on."""
    by.require("config.change")
    with transaction.atomic():
        models.DeckTemplate.objects.select_for_update().filter(ended_at=None).update(ended_at=at)
        row = models.DeckTemplate.objects.create(
            name=name[-255:], content=content, layouts=list(layouts), added_by_id=by.user_id, added_at=at
        )
        audit.record(by=by, at=at, deed="deck_template.adopt", subject=f"deck_template:{row.pk}", name=name)
    return row.pk


def drop(*, by: Scope, at: datetime) -> int:
    """Make decks on our own paper again; gives the number of what was in force."""
    by.require("config.change")
    with transaction.atomic():
        row = models.DeckTemplate.objects.select_for_update().filter(ended_at=None).first()
        if row is None:
            raise Conflict("No template is in force.")
        models.DeckTemplate.objects.filter(pk=row.pk).update(ended_at=at)
        audit.record(by=by, at=at, deed="deck_template.drop", subject=f"deck_template:{row.pk}")
    return row.pk


def take_up(*, template_id: int, by: Scope, at: datetime) -> None:
    """Make decks with an earlier one again."""
    by.require("config.change")
    with transaction.atomic():
        models.DeckTemplate.objects.select_for_update().filter(ended_at=None).update(ended_at=at)
        if not models.DeckTemplate.objects.filter(pk=template_id).update(ended_at=None):
            raise NotFound("There is no template %(number)s.", number=template_id)
        audit.record(by=by, at=at, deed="deck_template.take_up", subject=f"deck_template:{template_id}")
