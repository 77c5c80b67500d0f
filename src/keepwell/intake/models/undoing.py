"""What an import changed, and the undoing of it."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.batches import Batch

STATES = ("queued", "running", "done", "failed")


class Undo(models.Model):
    """An import is taken back: what it created goes, what it changed gets its former values."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    total = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)
    restored = models.BigIntegerField(default=0)
    left = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch"], name="one_undo_per_import")]


class RowChange(models.Model):
    """One row of facts that an import created (`before` is null) or changed, with the fields that changed.

    `seal` is a digest of a created row, by which a later change of it is told. `undone` is what its undo did with it.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    noun = models.CharField(max_length=30)
    key = models.CharField(max_length=420)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    seal = models.CharField(max_length=32, blank=True)
    undone = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "noun", "key"], name="one_change_per_row")]
        indexes = [models.Index(fields=["noun", "key", "batch"], name="rowchange_row")]
