"""Who does what."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.models.people import Person


class Raci(KeyedFact):
    """One letter of the matrix: a person of the customer's or a colleague, and what they are to an activity.

    `states` are all that the row ever said, as [what, since].
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    activity = models.CharField(max_length=300)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    colleague = models.CharField(max_length=254, blank=True)
    letter = models.CharField(max_length=30)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    states = models.JSONField(default=list)
