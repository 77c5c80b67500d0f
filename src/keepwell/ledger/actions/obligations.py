"""Deeds on obligations."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.Obligation, histories.repeats(last="evidenced_at", log="evidences"))


@says(models.Obligation)
def _says(duty: models.Obligation) -> list[Said]:
    told = json.dumps({"title": duty.title})
    return [
        Said("obligation.evidenced", at, feature=duty.kind, props=told, slot=at.isoformat())
        for at in duty.evidences
    ]
