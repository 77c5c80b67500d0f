"""Deeds on sessions of courses."""

from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Verdict


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update sessions of courses by `key`."""
    return service.upsert(models.CourseSession, rows=rows, source=source, by=by, at=at, vouched=vouched)
