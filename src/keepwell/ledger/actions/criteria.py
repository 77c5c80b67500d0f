"""Deeds on acceptance criteria."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(
    models.AcceptanceCriterion, histories.repeats(last="confirmed_at", log="confirmations")
)


@says(models.AcceptanceCriterion)
def _says(criterion: models.AcceptanceCriterion) -> list[Said]:
    told = json.dumps({"title": criterion.text[:200]})
    said = []
    if criterion.agreed_at:
        said.append(Said("criterion.agreed", criterion.agreed_at, props=told))
    for at in criterion.confirmations:
        by = service.person_key(criterion, "confirmed_by") if at == criterion.confirmations[-1] else ""
        said.append(Said("criterion.confirmed", at, props=told, person=by, slot=at.isoformat()))
    return said
