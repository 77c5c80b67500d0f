"""When we and the customer spoke."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact


class Touchpoint(KeyedFact):
    """A call, meeting, review, e-mail, note or visit; one that was declined did not take place."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=500, blank=True)
    held_at = models.DateTimeField()
    minutes = models.FloatField(null=True)
    declined = models.BooleanField(default=False)
    executive_attended = models.BooleanField(null=True)
    notes = models.TextField(blank=True)
