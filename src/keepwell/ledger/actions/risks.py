"""Deeds on the risk log."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.RiskEntry)


@says(models.RiskEntry)
def _says(risk: models.RiskEntry) -> list[Said]:
    told = json.dumps({"title": risk.title, "likelihood": risk.likelihood, "impact": risk.impact})
    weight = None if risk.likelihood is None or risk.impact is None else float(risk.likelihood * risk.impact)
    said = [Said("risk.raised", risk.raised_at, value=weight, props=told)]
    if risk.closed_at:
        said.append(Said("risk.closed", risk.closed_at, value=weight, props=told))
    return said
