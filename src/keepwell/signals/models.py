"""Rules that watch, and what they noticed."""

from django.db import models

from keepwell.health.models import BandChange
from keepwell.ledger.models import Account


class Rule(models.Model):
    """A declared condition and what it asks for; `judged_through` is the last band change that it has looked at.

    The mark is safe because band changes are written by one pipeline at a time, in order.
    """

    slug = models.CharField(max_length=63, unique=True)
    sentence = models.CharField(max_length=300)
    definition = models.JSONField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    judged_through = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.sentence


class Firing(models.Model):
    """A rule held for an account; what it saw stays as it was."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    band_change = models.ForeignKey(BandChange, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    sentence = models.CharField(max_length=300)
    evidence = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "band_change"], name="one_firing_per_change")]
