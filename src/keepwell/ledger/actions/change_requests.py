"""Deeds on change requests."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update change requests by `key`."""
    return service.upsert(models.ChangeRequest, rows=rows, source=source, by=by, at=at, vouched=vouched)


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
