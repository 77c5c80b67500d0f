"""The dead letter: what could not be taken, and why."""

from django.db import models

from keepwell.intake.models.batches import Batch
from keepwell.intake.models.sources import Source

VERDICTS = ("rejected", "conflict")


class Rejection(models.Model):
    """A row or tracked event that was not stored, kept with its reason so that it can be mended."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, null=True, related_name="+")
    row = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10, choices=[(verdict, verdict) for verdict in VERDICTS])
    reason = models.TextField()
    content = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["batch", "row"], name="rejection_batch"),
            models.Index(fields=["source", "-received_at"], name="rejection_source"),
        ]
