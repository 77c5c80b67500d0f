"""Stretches of delivery."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Sprint(KeyedFact):
    """A sprint: what was planned and what got done, in points."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    goal = models.TextField(blank=True)
    planned_points = models.FloatField(null=True)
    done_points = models.FloatField(null=True)
    state = models.CharField(max_length=30, default="planned")

    class Meta:
        indexes = [latest("start_date", name="sprint_latest")]
