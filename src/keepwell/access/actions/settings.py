"""Deeds on company-wide decisions."""

from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access import models
from keepwell.access.actions import audit
from keepwell.access.scopes import Scope


def put(*, key: str, value: Any, by: Scope, at: datetime) -> None:
    """Set one company-wide decision, keeping what it was in the trail."""
    by.require("config.change")
    with transaction.atomic():
        before = models.CompanySetting.objects.filter(key=key).values_list("value", flat=True).first()
        models.CompanySetting.objects.update_or_create(key=key, defaults={"value": value, "changed_at": at})
        audit.record(by=by, at=at, deed="setting.put", subject=f"setting:{key}", before=before, after=value)
