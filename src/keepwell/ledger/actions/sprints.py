"""Deeds on sprints."""

import json

from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.Sprint)


@says(models.Sprint)
def _says(sprint: models.Sprint) -> list[Said]:
    told = json.dumps({"title": sprint.name, "planned": sprint.planned_points})
    said = []
    if sprint.state in ("active", "done"):
        said.append(
            Said("sprint.started", start_of(sprint.start_date), value=sprint.planned_points, props=told)
        )
    if sprint.state == "done" and sprint.end_date:
        said.append(Said("sprint.ended", start_of(sprint.end_date), value=sprint.done_points, props=told))
    return said
