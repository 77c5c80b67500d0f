"""What was removed, so that a row of the same key begins anew."""

from django.db import models


class Removal(models.Model):
    """A row of facts that is gone: its last `revision`, which its successor's events count on from."""

    table = models.CharField(max_length=63)
    key = models.CharField(max_length=200)
    revision = models.IntegerField()
    removed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="one_removal_per_key")]
