"""Deeds on enrolments."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update enrolments by `key`."""
    return service.upsert(models.Enrolment, rows=rows, source=source, by=by, at=at, vouched=vouched)


@says(models.Enrolment)
def _says(enrolment: models.Enrolment) -> list[Said]:
    """What a customer's person did; a colleague's training is no fact about a customer."""
    if enrolment.account_id is None:
        return []
    course, person = enrolment.course, service.person_key(enrolment)
    told = json.dumps({"title": course.title})
    said = [Said("course.enrolled", enrolment.enrolled_at, course.key, None, told, person)]
    if enrolment.started_at:
        said.append(Said("course.started", enrolment.started_at, course.key, None, told, person))
    if enrolment.completed_at:
        said.append(
            Said("course.completed", enrolment.completed_at, course.key, enrolment.score, told, person)
        )
    return said
