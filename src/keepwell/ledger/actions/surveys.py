"""Deeds on survey answers."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.SurveyAnswer)


@says(models.SurveyAnswer)
def _says(answer: models.SurveyAnswer) -> list[Said]:
    person = service.person_key(answer)
    comment = json.dumps({"comment": answer.comment}) if answer.comment else "{}"
    return [Said("survey.answered", answer.answered_at, answer.kind, answer.score, comment, person)]
