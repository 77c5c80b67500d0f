"""Deeds on integrations."""

import json
from datetime import datetime

from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.Integration, histories.states)


@says(models.Integration)
def _says(integration: models.Integration) -> list[Said]:
    told = json.dumps({"title": integration.name})
    return [
        Said("integration.changed", datetime.fromisoformat(since), feature=state, props=told, slot=since)
        for state, since in integration.states
    ]
