"""Deeds on courses."""

import json
from datetime import datetime

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, says


def _amended(course: models.Course, row: Row, at: datetime) -> Row:
    return {**row, "offered_at": row.get("offered_at") or course.offered_at or at}


upsert = service.upserting(models.Course, _amended)


@says(models.Course)
def _says(course: models.Course) -> list[Said]:
    if course.offered_at is None:
        return []
    told = {"title": course.title, "audience": course.audience, "valid_days": course.valid_days}
    return [Said("course.offered", course.offered_at, course.key, course.minutes, json.dumps(told))]
