"""Deeds on check-ins."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.Sentiment)


@says(models.Sentiment)
def _says(sentiment: models.Sentiment) -> list[Said]:
    told = {"words": sentiment.words, "by": sentiment.given_by}
    props = json.dumps({name: said for name, said in told.items() if said})
    return [Said("sentiment.given", sentiment.given_at, value=float(sentiment.score), props=props)]
