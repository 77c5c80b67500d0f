"""What law or contract asks for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Obligation(KeyedFact):
    """A duty; `evidences` are all moments at which it was evidenced, `evidenced_at` the last."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=30, default="contractual")
    owner = models.CharField(max_length=254, blank=True)
    due_date = models.DateField(null=True)
    evidence = models.TextField(blank=True)
    evidenced_at = models.DateTimeField(null=True)
    renew_days = models.IntegerField(null=True)
    evidences = ArrayField(models.DateTimeField(), default=list)

    class Meta:
        indexes = [latest("due_date", name="obligation_latest")]
