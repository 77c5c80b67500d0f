"""Deeds on requests for what the product lacks."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.GapRequest)


@says(models.GapRequest)
def _says(request: models.GapRequest) -> list[Said]:
    told, person = json.dumps({"title": request.gap.title}), service.person_key(request)
    said = [Said("gap.requested", request.asked_at, request.gap.key, None, told, person)]
    if request.told_at:
        said.append(Said("gap.told", request.told_at, request.gap.key, None, told, person))
    return said
