"""Deeds on value models to begin from: put one, let one rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.outcomes import models, value_document


def put(*, definition: Mapping[str, Any], by: Scope, at: datetime) -> None:
    """Let value models begin from a template; said again it changes nothing."""
    by.require("config.change")
    doc = value_document.template(definition)
    said: dict[str, Any] = {"title": doc.title, "definition": value_document.written(doc), "active": True}
    with transaction.atomic():
        row = models.ValueTemplate.objects.select_for_update().filter(slug=doc.slug).first()
        if row is not None and all(getattr(row, name) == value for name, value in said.items()):
            return
        models.ValueTemplate.objects.update_or_create(slug=doc.slug, defaults={**said, "changed_at": at})
        audit.record(by=by, at=at, deed="value_template.put", subject=f"value_template:{doc.slug}")


def rest(*, slug: str, by: Scope, at: datetime) -> None:
    """Offer a template no more; models that began from it stay."""
    by.require("config.change")
    with transaction.atomic():
        if models.ValueTemplate.objects.filter(slug=slug, active=True).update(active=False, changed_at=at):
            audit.record(by=by, at=at, deed="value_template.rest", subject=f"value_template:{slug}")
