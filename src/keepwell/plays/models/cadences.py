"""How often customers are met, as it was declared, and which outputs of phases were delivered."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account


class CadenceDeclaration(models.Model):
    """What the company declared (`plays.cadence.read` takes it), in force until `ended_at` (null: still)."""

    definition = models.JSONField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(ended_at=None), name="one_cadence_in_force"
            )
        ]


class OutputDelivery(models.Model):
    """An output of a phase of an account was delivered; taking this row away makes it open again.

    `since` is the day on which the phase began: the phase that is entered again asks for it anew. `link` leads to it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    phase = models.CharField(max_length=63)
    since = models.DateField(null=True)
    output = models.CharField(max_length=63)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    link = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "phase", "since", "output"], nulls_distinct=False, name="one_delivery_of_an_output"
            )
        ]  # fmt: skip
