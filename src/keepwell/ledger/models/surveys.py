"""What the customer said when asked."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest
from keepwell.ledger.models.people import Person


class SurveyAnswer(KeyedFact):
    """One answer: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    score = models.FloatField()
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [latest("answered_at", name="surveyanswer_latest")]
