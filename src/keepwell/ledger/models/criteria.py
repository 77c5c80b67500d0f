"""What must hold for the customer to accept the work."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest
from keepwell.ledger.models.milestones import Milestone
from keepwell.ledger.models.people import Person


class AcceptanceCriterion(KeyedFact):
    """A criterion; `confirmations` are all moments at which the customer confirmed it, `confirmed_at` the last."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    milestone = models.ForeignKey(Milestone, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    agreed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    confirmations = ArrayField(models.DateTimeField(), default=list)

    class Meta:
        indexes = [latest("agreed_at", name="acceptancecriterion_latest")]
