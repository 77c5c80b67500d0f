"""Deeds on obligations."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update obligations by `key`."""
    return service.upsert(
        models.Obligation,
        rows=rows,
        amends=_amended,
        source=source,
        by=by,
        at=at,
        vouched=vouched,
    )


def _amended(duty: models.Obligation, row: Row) -> Row:
    return histories.repeated(duty, row, last="evidenced_at", log="evidences")


@says(models.Obligation)
def _says(duty: models.Obligation) -> list[Said]:
    told = json.dumps({"title": duty.title})
    return [
        Said("obligation.evidenced", at, feature=duty.kind, props=told, slot=at.isoformat())
        for at in duty.evidences
    ]
