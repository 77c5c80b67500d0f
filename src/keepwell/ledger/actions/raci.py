"""Deeds on who does what."""

import json
from datetime import datetime
from typing import Any

from keepwell.ledger import models
from keepwell.ledger.actions import histories, service
from keepwell.ledger.actions.upserts import Row, Said, says


def _amended(line: models.Raci, row: Row, at: datetime) -> Row:
    """What changes holds from `since` on, or from now."""
    return {**row, **histories.spells(line, _state(line, row), since=row.get("since"), at=at)}


upsert = service.upserting(models.Raci, _amended)


def _state(line: models.Raci, row: Row) -> dict[str, str]:
    """What the line says from now on; whoever is not told stays."""
    return {
        "letter": row.get("letter", line.letter),
        "activity": row.get("activity", line.activity),
        "person": _person(line, row),
        "colleague": row.get("colleague", line.colleague),
    }


def _person(line: models.Raci, row: Row) -> str:
    if "person" not in row:
        return service.person_key(line)
    named = row["person"]
    return named.key if named else row.get("fields", {}).get("person") or ""


@says(models.Raci)
def _says(line: models.Raci) -> list[Said]:
    said = [_assigned(state, since) for state, since in line.states]
    if line.until and line.states:
        last = _assigned(line.states[-1][0], line.until.isoformat())
        said.append(last._replace(name="raci.ended", slot=""))
    return said


def _assigned(state: dict[str, Any], since: str) -> Said:
    props = json.dumps({"title": state["activity"], "colleague": state["colleague"]})
    at = datetime.fromisoformat(since)
    return Said("raci.assigned", at, state["letter"], None, props, state["person"], slot=since)
