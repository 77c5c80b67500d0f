"""Who takes which course."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest
from keepwell.ledger.models.courses import Course
from keepwell.ledger.models.people import Person


class Enrolment(KeyedFact):
    """A person of the customer's, or a colleague, in a course; a colleague's belongs to no account."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    colleague = models.CharField(max_length=254, blank=True)
    enrolled_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    score = models.FloatField(null=True)
    certified_until = models.DateField(null=True)

    class Meta:
        indexes = [latest("enrolled_at", name="enrolment_latest")]
