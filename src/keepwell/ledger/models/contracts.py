"""What the customer bought, until when."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact


class Contract(KeyedFact):
    """A subscription or engagement; without an end it is open-ended."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    product = models.CharField(max_length=200, blank=True)
    arr = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="USD")
    seats = models.IntegerField(null=True)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    auto_renew = models.BooleanField(null=True)
    notice_days = models.IntegerField(null=True)
