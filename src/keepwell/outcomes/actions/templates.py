"""Deeds on plans to begin from: put one, let one rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import slugs
from keepwell.outcomes import models, template


def put(*, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime) -> None:
    """Let plans begin from a template; said again it changes nothing."""
    by.require("config.change")
    told = template.written(template.read(definition))
    slugs.checked(slug)
    said: dict[str, Any] = {"title": title.strip(), "definition": told, "active": True}
    with transaction.atomic():
        row = models.PlanTemplate.objects.select_for_update().filter(slug=slug).first()
        if row is not None and all(getattr(row, name) == value for name, value in said.items()):
            return
        models.PlanTemplate.objects.update_or_create(slug=slug, defaults={**said, "changed_at": at})
        audit.record(by=by, at=at, deed="plan_template.put", subject=f"plan_template:{slug}")


def rest(*, slug: str, by: Scope, at: datetime) -> None:
    """Offer a template no more; plans that began from it stay."""
    by.require("config.change")
    with transaction.atomic():
        if models.PlanTemplate.objects.filter(slug=slug, active=True).update(active=False, changed_at=at):
            audit.record(by=by, at=at, deed="plan_template.rest", subject=f"plan_template:{slug}")
