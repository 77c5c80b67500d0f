"""What may go wrong."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class RiskEntry(KeyedFact):
    """A line of the risk log; likelihood and impact from 1 to 5."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    title = models.CharField(max_length=300)
    likelihood = models.IntegerField(null=True)
    impact = models.IntegerField(null=True)
    mitigation = models.TextField(blank=True)
    owner = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=30, default="open")
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [latest("raised_at", name="riskentry_latest")]
