"""How files of a source were read before."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.sources import Source


class UsedMapping(models.Model):
    """The mapping that a file of this kind, source and header was last imported with."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    header = models.CharField(max_length=32)
    columns = models.JSONField()
    mapping = models.JSONField()
    constants = models.JSONField(default=dict)
    formats = models.JSONField(default=dict)
    times = models.IntegerField(default=1)
    used_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "header"], name="one_mapping_per_header")
        ]
