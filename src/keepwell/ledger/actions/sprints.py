"""Deeds on sprints."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update sprints by `key`."""
    return service.upsert(models.Sprint, rows=rows, source=source, by=by, at=at, vouched=vouched)


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
