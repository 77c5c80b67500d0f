"""What of the customer's is connected to our product."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Integration(KeyedFact):
    """An integration; `states` are all states it had, as [state, since]."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=30, default="planned")
    since = models.DateTimeField()
    detail = models.TextField(blank=True)
    states = models.JSONField(default=list)

    class Meta:
        indexes = [latest("since", name="integration_latest")]
