"""Deeds on change requests."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.ChangeRequest)


@says(models.ChangeRequest)
def _says(request: models.ChangeRequest) -> list[Said]:
    amount = None if request.amount is None else str(request.amount)
    told = {
        "title": request.title,
        "amount": amount,
        "currency": request.currency,
        "in_scope": request.in_scope,
    }
    props, person = json.dumps(told), service.person_key(request, "asked_by")
    said = [Said("change.requested", request.asked_at, "", request.hours, props, person)]
    if request.decided_at and request.verdict != "open":
        said.append(Said("change.decided", request.decided_at, request.verdict, request.hours, props))
    return said
