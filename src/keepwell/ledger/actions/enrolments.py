"""Deeds on enrolments."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.Enrolment)


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
