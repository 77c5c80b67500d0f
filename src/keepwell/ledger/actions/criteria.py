"""Deeds on acceptance criteria."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update acceptance criteria by `key`."""
    return service.upsert(
        models.AcceptanceCriterion,
        rows=rows,
        amends=_amended,
        source=source,
        by=by,
        at=at,
        vouched=vouched,
    )


def _amended(criterion: models.AcceptanceCriterion, row: Row) -> Row:
    return histories.repeated(criterion, row, last="confirmed_at", log="confirmations")


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
