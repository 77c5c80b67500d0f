"""One deed done to many accounts at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.signals.models import Rule


class BulkDeed(models.Model):
    """What somebody does to the accounts in `accounts`: `kind` with what is `said` of it, first a draft, then done in blocks.

    `refused` has [key, reason] of those it was not done to. `rule` is the one from whose page it was begun: a playbook that it
    starts answers the signals of that rule.
    """

    STATES = [("draft", "Draft"), ("queued", "Waiting"), ("running", "Running"), ("done", "Done")]

    kind = models.CharField(max_length=20, blank=True)
    said = models.JSONField(default=dict)
    accounts = ArrayField(models.BigIntegerField())
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    refused = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class BulkChange(models.Model):
    """What an account was before a deed and after it, so that the deed can be taken back."""

    deed = models.ForeignKey(BulkDeed, models.CASCADE, related_name="+")
    account = models.BigIntegerField()
    was = models.JSONField(null=True)
    now = models.JSONField(null=True)
