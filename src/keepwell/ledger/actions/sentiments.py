"""Deeds on check-ins."""

import json
from collections.abc import Sequence
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Row, Said, Verdict, says


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update check-ins by `key` (account, score, words, given_by, given_at)."""
    return service.upsert(models.Sentiment, rows=rows, source=source, by=by, at=at, vouched=vouched)


@says(models.Sentiment)
def _says(sentiment: models.Sentiment) -> list[Said]:
    told = {"words": sentiment.words, "by": sentiment.given_by}
    props = json.dumps({name: said for name, said in told.items() if said})
    return [Said("sentiment.given", sentiment.given_at, value=float(sentiment.score), props=props)]
