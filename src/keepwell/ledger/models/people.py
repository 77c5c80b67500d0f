"""The customer's people and where they stand in each account."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact


class Person(KeyedFact):
    """Somebody on the customer's side; may belong to several accounts."""

    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True, db_index=True)


class Stakeholder(models.Model):
    """What a person is to one account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    role = models.CharField(max_length=63, blank=True)
    title = models.CharField(max_length=200, blank=True)
    stance = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=30, default="active")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "person"], name="one_stakeholder_per_account")
        ]
