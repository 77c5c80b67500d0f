"""Deeds on product gaps."""

import json
from datetime import datetime
from typing import Any

from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Row, Said, says


def _amended(gap: models.ProductGap, row: Row, at: datetime) -> Row:
    status = row.get("status", gap.status)
    into = row.get("merged_into", gap.merged_into)
    state = {"status": status, "merged_into": into.key if into else ""}
    since = row.get("since") or (row.get("shipped_at") if status == "shipped" and not into else None)
    return {**row, **histories.spells(gap, state, since=since, at=at)}


upsert = service.upserting(models.ProductGap, _amended)


@says(models.ProductGap)
def _says(gap: models.ProductGap) -> list[Said]:
    return [_changed(gap, state, since) for state, since in gap.states]


def _changed(gap: models.ProductGap, state: dict[str, Any], since: str) -> Said:
    told = json.dumps({"title": gap.title, **state})
    return Said("gap.changed", datetime.fromisoformat(since), gap.key, props=told, slot=since)
