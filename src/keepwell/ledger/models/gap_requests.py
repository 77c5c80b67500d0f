"""Who asked for what the product lacks."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest
from keepwell.ledger.models.gaps import ProductGap
from keepwell.ledger.models.people import Person


class GapRequest(KeyedFact):
    """An account, perhaps a person of it, asked for a gap to be closed; `told_at` is when they heard that it was."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    gap = models.ForeignKey(ProductGap, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    note = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [latest("asked_at", name="gaprequest_latest")]
