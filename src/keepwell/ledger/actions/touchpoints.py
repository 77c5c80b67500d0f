"""Deeds on touchpoints."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says
from keepwell.ledger.queries import identity

_upsert = service.upserting(models.Touchpoint)


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update touchpoints by `key` (account, kind, subject, held_at, minutes, declined, executive_attended, notes)."""
    with transaction.atomic():
        verdicts = _upsert(rows=rows, source=source, by=by, at=at, vouched=vouched)
        known = identity.resolve({row["account"] for row in rows})
        last: dict[int, datetime] = {}
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.outcome in ("created", "updated") and not row.get("declined"):
                account_id = known[row["account"]]
                last[account_id] = max(last.get(account_id, row["held_at"]), row["held_at"])
        accounts.touched(last=last)
        corrected = (row for row, v in zip(rows, verdicts, strict=True) if v.outcome == "updated")
        accounts.last_touches(account_ids=sorted({known[row["account"]] for row in corrected}))
    return verdicts


@says(models.Touchpoint)
def _says(touchpoint: models.Touchpoint) -> list[Said]:
    at, kind = touchpoint.held_at, touchpoint.kind
    refused = [_of("touchpoint.declined", person, touchpoint) for person in touchpoint.declined_by]
    if touchpoint.declined:
        return refused or [Said("touchpoint.declined", at, feature=kind)]
    told = {name: getattr(touchpoint, name) for name in ("subject", "initiative", "outcomes", "next_step")}
    props = json.dumps({name: value for name, value in told.items() if value})
    came = [_of("touchpoint.attended", person, touchpoint) for person in touchpoint.attended]
    said = [Said("touchpoint.held", at, kind, touchpoint.minutes, props), *came, *refused]
    if kind == "review" and touchpoint.executive_attended is not None:
        said.append(Said("review.held", at, value=float(touchpoint.executive_attended)))
    return said


def _of(name: str, person: str, touchpoint: models.Touchpoint) -> Said:
    return Said(name, touchpoint.held_at, feature=touchpoint.kind, person=person, slot=person)
