"""What the customer's people each call success, side by side until it is settled."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Person
from keepwell.outcomes.models.plans import Objective, SuccessPlan


class Opinion(models.Model):
    """What one of the customer's people calls success, of the whole plan or of one outcome."""

    plan = models.ForeignKey(SuccessPlan, models.CASCADE, related_name="+")
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    said_on = models.DateField()
    labels = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class OpinionResolution(models.Model):
    """How it was settled; taking this row away opens it again."""

    opinion = models.OneToOneField(Opinion, models.CASCADE, related_name="+", related_query_name="resolution")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
