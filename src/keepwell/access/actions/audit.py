"""The trail of deeds."""

from datetime import datetime
from typing import Any

from keepwell.access import models
from keepwell.access.scopes import Scope


def record(*, by: Scope, at: datetime, deed: str, subject: str, **details: Any) -> None:
    """Note a deed, in the transaction of the deed. Secrets never belong in `details`."""
    models.AuditEntry.objects.create(
        at=at, actor_id=by.user_id, through=by.through[:20], deed=deed, subject=subject[:200], details=details
    )
