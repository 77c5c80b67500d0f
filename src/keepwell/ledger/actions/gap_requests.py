"""Deeds on requests for what the product lacks."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update requests by `key`."""
    return service.upsert(models.GapRequest, rows=rows, source=source, by=by, at=at, vouched=vouched)


@says(models.GapRequest)
def _says(request: models.GapRequest) -> list[Said]:
    told, person = json.dumps({"title": request.gap.title}), service.person_key(request)
    said = [Said("gap.requested", request.asked_at, request.gap.key, None, told, person)]
    if request.told_at:
        said.append(Said("gap.told", request.told_at, request.gap.key, None, told, person))
    return said
