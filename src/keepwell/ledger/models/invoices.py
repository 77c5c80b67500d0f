"""What was billed and whether it was paid."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Invoice(KeyedFact):
    """An invoice; overdue on a day when it is open and due before that day."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    number = models.CharField(max_length=100, blank=True)
    issued_date = models.DateField()
    due_date = models.DateField(null=True)
    paid_date = models.DateField(null=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="USD")
    state = models.CharField(max_length=30, default="open")

    class Meta:
        indexes = [
            models.Index(fields=["due_date"], name="invoice_due"),
            latest("issued_date", name="invoice_latest"),
        ]
