"""Who said that history was known when it happened."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.batches import Batch
from keepwell.intake.models.sources import Source


class Vouching(models.Model):
    """Somebody said of a source, or of one import, that its facts were known when they happened; or took that back."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, null=True, related_name="+")
    vouches = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
