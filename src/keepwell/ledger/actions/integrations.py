"""Deeds on integrations."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update integrations by `key`."""
    return service.upsert(
        models.Integration,
        rows=rows,
        amends=lambda one, row: histories.states(one, row, at),
        source=source,
        by=by,
        at=at,
        vouched=vouched,
    )


@says(models.Integration)
def _says(integration: models.Integration) -> list[Said]:
    told = json.dumps({"title": integration.name})
    return [
        Said("integration.changed", datetime.fromisoformat(since), feature=state, props=told, slot=since)
        for state, since in integration.states
    ]
