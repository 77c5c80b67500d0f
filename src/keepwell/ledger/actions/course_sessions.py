"""Deeds on sessions of courses."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.CourseSession)


@says(models.CourseSession)
def _says(session: models.CourseSession) -> list[Said]:
    told = {"title": session.course.title, "trainer": session.trainer, "place": session.place}
    return [Said("course.held", session.held_at, session.course.key, session.minutes, json.dumps(told))]
