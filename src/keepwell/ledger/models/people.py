"""The customer's people and where they stand in each account."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact


class Person(KeyedFact):
    """Somebody on the customer's side; may belong to several accounts."""

    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True, db_index=True)


class Stakeholder(models.Model):
    """What a person is to one account: `influence` 1 to 5, `status` active, on_leave or left since a day.

    `role` is the first of `roles`.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    role = models.CharField(max_length=63, blank=True)
    roles = ArrayField(models.CharField(max_length=63), default=list)
    influence = models.SmallIntegerField(null=True)
    reports_to = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    status_since = models.DateField(null=True)
    title = models.CharField(max_length=200, blank=True)
    stance = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=30, default="active")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "person"], name="one_stakeholder_per_account"),
            models.CheckConstraint(
                condition=models.Q(influence=None) | models.Q(influence__range=(1, 5)),
                name="influence_from_1_to_5",
            ),
        ]
