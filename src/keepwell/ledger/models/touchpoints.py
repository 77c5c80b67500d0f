"""When we and the customer spoke."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Touchpoint(KeyedFact):
    """A call, meeting, review, e-mail, note or visit; one that was declined did not take place.

    `invited`, `attended` and `declined_by` are keys of people; `outcomes` are what of the plan was spoken of; `initiative` says
    whether we came on our own or were called.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=500, blank=True)
    held_at = models.DateTimeField()
    minutes = models.FloatField(null=True)
    declined = models.BooleanField(default=False)
    executive_attended = models.BooleanField(null=True)
    notes = models.TextField(blank=True)
    place = models.CharField(max_length=30, blank=True)
    initiative = models.CharField(max_length=30, blank=True)
    visibility = models.CharField(max_length=30, default="internal")
    invited = ArrayField(models.CharField(max_length=200), default=list)
    attended = ArrayField(models.CharField(max_length=200), default=list)
    declined_by = ArrayField(models.CharField(max_length=200), default=list)
    outcomes = ArrayField(models.CharField(max_length=300), default=list)
    transcript = models.TextField(blank=True)
    next_step = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [latest("held_at", name="touchpoint_latest")]
