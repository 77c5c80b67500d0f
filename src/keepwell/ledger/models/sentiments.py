"""How those who look after an account feel about it."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Sentiment(KeyedFact):
    """A check-in, usually weekly: from 1 (we are losing them) to 5 (they would recommend us). It moves no score by itself."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    score = models.IntegerField()
    words = models.TextField(blank=True)
    given_by = models.CharField(max_length=254, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        indexes = [latest("given_at", name="sentiment_latest")]
