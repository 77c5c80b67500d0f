"""One imported file."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.sources import Source

STATES = ("awaiting_mapping", "queued", "running", "done", "failed")
COUNTERS = ("created", "updated", "unchanged", "duplicates", "conflicts", "rejected")


class Batch(models.Model):
    """A file on its way into the ledger: what it is, how it is read, how far it got.

    `byte` and `row` say where the next chunk begins. They move in the transaction that stores a chunk, so
    that a stopped import goes on exactly where it was. `formats` says how days and decimals are written in the
    file; `forgotten_at` is when the kept file was deleted.
    """

    kind = models.CharField(max_length=30)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    file = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    file_bytes = models.BigIntegerField()
    file_digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    columns = models.JSONField()
    mapping = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    formats = models.JSONField(default=dict)
    dry_run = models.BooleanField(default=False)
    vouched = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=[(state, state) for state in STATES])
    byte = models.BigIntegerField(default=0)
    row = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(null=True)
    rows_done = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)
    forgotten_at = models.DateTimeField(null=True)
    prepared_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-prepared_at"], name="batch_prepared")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"


class RowKey(models.Model):
    """A key that a running import has met, with the row where it stood: how rows that repeat it are told.

    Only while the import runs; emptied when it ends.
    """

    pk = models.CompositePrimaryKey("batch_id", "key")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    key = models.UUIDField()
    content = models.BigIntegerField()
    row = models.BigIntegerField()
    times = models.IntegerField(default=1)
