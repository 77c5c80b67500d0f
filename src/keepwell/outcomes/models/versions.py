"""What was agreed or refreshed with the customer: frozen, one after the other."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Person
from keepwell.outcomes.models.plans import SuccessPlan

MADE = [("agreed", "Agreed"), ("refreshed", "Refreshed")]


class PlanVersion(models.Model):
    """The plan as it stood when it was agreed or refreshed; never changed after.

    `content` is its document, `standing` where each outcome and indicator stood then; `confirmed_at` the day on which it was
    agreed or gone through, as a moment.
    """

    plan = models.ForeignKey(SuccessPlan, models.CASCADE, related_name="+", related_query_name="version")
    number = models.IntegerField()
    made = models.CharField(max_length=10, choices=MADE)
    content = models.JSONField()
    standing = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_a_number")]


class PlanAgreement(models.Model):
    """Who of the customer's agreed to a version, on which day and how."""

    version = models.OneToOneField(
        PlanVersion, models.CASCADE, related_name="+", related_query_name="agreement"
    )
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    on = models.DateField()
    how = models.CharField(max_length=300, blank=True)
