"""Deeds on sessions of courses."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update sessions of courses by `key`."""
    return service.upsert(models.CourseSession, rows=rows, source=source, by=by, at=at, vouched=vouched)


@says(models.CourseSession)
def _says(session: models.CourseSession) -> list[Said]:
    told = {"title": session.course.title, "trainer": session.trainer, "place": session.place}
    return [Said("course.held", session.held_at, session.course.key, session.minutes, json.dumps(told))]
