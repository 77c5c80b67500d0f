"""Rejections sent in once more."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.rejections import Rejection

STATES = ("queued", "running", "done", "failed")


class Replay(models.Model):
    """Rejections that are sent in again by the very path that refused them, one verdict each; `chosen` says which."""

    chosen = models.JSONField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    total = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20)


class Attempt(models.Model):
    """One rejection in a replay; without an outcome while it waits its turn."""

    replay = models.ForeignKey(Replay, models.CASCADE, related_name="+")
    rejection = models.ForeignKey(Rejection, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["replay", "rejection"], name="one_attempt_per_replay")]
        indexes = [
            models.Index(fields=["replay", "id"], name="attempt_waits", condition=models.Q(outcome=""))
        ]
