"""How far each stage has read."""

from django.db import models


class Watermark(models.Model):
    """The last lake batch and day that the stored numbers rest on; and why the last run failed, if it did."""

    slug = models.CharField(max_length=63, primary_key=True)
    batch = models.BigIntegerField(default=0)
    day = models.DateField(null=True)
    advanced_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
