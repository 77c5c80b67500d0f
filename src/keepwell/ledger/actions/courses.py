"""Deeds on courses."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update courses by `key`."""
    return service.upsert(
        models.Course,
        rows=rows,
        amends=lambda course, row: _amended(course, row, at),
        source=source,
        by=by,
        at=at,
        vouched=vouched,
    )


def _amended(course: models.Course, row: Row, at: datetime) -> Row:
    return {**row, "offered_at": row.get("offered_at") or course.offered_at or at}


@says(models.Course)
def _says(course: models.Course) -> list[Said]:
    if course.offered_at is None:
        return []
    told = {"title": course.title, "audience": course.audience, "valid_days": course.valid_days}
    return [Said("course.offered", course.offered_at, course.key, course.minutes, json.dumps(told))]
