"""Deeds on milestones."""

import json
from datetime import date, datetime

from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, says


def _amended(stone: models.Milestone, row: Row, at: datetime) -> Row:
    """What was promised first is kept, and every later promise with the moment it was made."""
    given = {name: value for name, value in row.items() if name != "planned_at" or value}
    if stone._state.adding:
        given.setdefault("planned_at", at)
    due = given.get("due_date", stone.due_date)
    if stone.first_due_date is None:
        return {**given, "first_due_date": due}
    if due is None or stone.due_date is None or due == stone.due_date:
        return given
    return {**given, "moves": [*stone.moves, [at.isoformat(), str(stone.due_date), str(due)]]}


upsert = service.upserting(models.Milestone, _amended)


@says(models.Milestone)
def _says(stone: models.Milestone) -> list[Said]:
    told = {"milestone": stone.key, "title": stone.title, "due_date": str(stone.first_due_date or "")}
    said = [Said("milestone.planned", stone.planned_at, feature=stone.phase, props=json.dumps(told))]
    for number, (when, was, now) in enumerate(stone.moves):
        days = (date.fromisoformat(now) - date.fromisoformat(was)).days
        moved = {"milestone": stone.key, "title": stone.title, "from": was, "to": now, "due_date": now}
        props = json.dumps(moved)
        moved_at = datetime.fromisoformat(when)
        said.append(Said("milestone.moved", moved_at, stone.phase, float(days), props, slot=str(number)))
    if stone.done_date:
        late = (stone.done_date - stone.due_date).days if stone.due_date else None
        slipped = (stone.done_date - stone.first_due_date).days if stone.first_due_date else None
        done = {"milestone": stone.key, "title": stone.title, "days_after_first_promise": slipped}
        props = json.dumps(done)
        value = None if late is None else float(late)
        said.append(Said("milestone.done", start_of(stone.done_date), stone.phase, value, props))
    return said
