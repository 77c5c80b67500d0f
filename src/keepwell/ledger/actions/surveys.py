"""Deeds on survey answers."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update survey answers by `key` (account, person, kind, score, comment, answered_at)."""
    return service.upsert(models.SurveyAnswer, rows=rows, source=source, by=by, at=at, vouched=vouched)


@says(models.SurveyAnswer)
def _says(answer: models.SurveyAnswer) -> list[Said]:
    person = service.person_key(answer)
    comment = json.dumps({"comment": answer.comment}) if answer.comment else "{}"
    return [Said("survey.answered", answer.answered_at, answer.kind, answer.score, comment, person)]
