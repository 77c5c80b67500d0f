"""Accounts that go from one colleague to another, with what the next one has to know."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account

HAND_OVERS = [
    ("sales_to_cs", "Sales to customer success"),
    ("pm_to_csm", "Project manager to CSM"),
    ("csm_to_csm", "CSM to CSM"),
]


class HandOverPack(models.Model):
    """Somebody hands an account to a colleague: in which way, with what note; open until it is accepted."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=HAND_OVERS)
    giver = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    receiver = models.ForeignKey(User, models.CASCADE, related_name="+")
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "receiver"], condition=models.Q(open=True), name="one_open_hand_over"
            )
        ]
        indexes = [models.Index(fields=["receiver", "open"], name="pack_of_receiver")]


class HandOverAcceptance(models.Model):
    """The receiver has taken the account over."""

    pack = models.OneToOneField(
        HandOverPack, models.CASCADE, related_name="+", related_query_name="acceptance"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
