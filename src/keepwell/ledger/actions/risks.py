"""Deeds on the risk log."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update risks by `key`."""
    return service.upsert(models.RiskEntry, rows=rows, source=source, by=by, at=at, vouched=vouched)


@says(models.RiskEntry)
def _says(risk: models.RiskEntry) -> list[Said]:
    told = json.dumps({"title": risk.title, "likelihood": risk.likelihood, "impact": risk.impact})
    weight = None if risk.likelihood is None or risk.impact is None else float(risk.likelihood * risk.impact)
    said = [Said("risk.raised", risk.raised_at, value=weight, props=told)]
    if risk.closed_at:
        said.append(Said("risk.closed", risk.closed_at, value=weight, props=told))
    return said
