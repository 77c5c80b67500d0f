"""Events on their way to the lake. Nothing is acknowledged before it stands here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class EventKey(models.Model):
    """An event that was ever accepted: a digest of its id, and a digest of its content to tell repeats from conflicts."""

    key = models.UUIDField(primary_key=True)
    content = models.BigIntegerField()


class Parcel(models.Model):
    """Events of one request or chunk that the lake does not hold yet, packed; deleted once it does.

    Where `claimed`, whoever wrote them made sure that their ids are new; else the relay does.
    """

    events = models.IntegerField()
    claimed = models.BooleanField()
    received_at = models.DateTimeField()
    payload = models.BinaryField()


class RelayBatch(models.Model):
    """Exactly these parcels go to the lake together, as its application transaction `number`.

    `dropped` are the places, counted through the parcels in the order of their ids, of events that were there before.
    """

    number = models.BigIntegerField(primary_key=True)
    parcel_ids = ArrayField(models.BigIntegerField())
    dropped = ArrayField(models.IntegerField(), default=list)
    rows = models.IntegerField()
    taken_at = models.DateTimeField()
    lake_version = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["number"], name="relaybatch_unfinished", condition=models.Q(lake_version__isnull=True)
            )
        ]


class Clash(models.Model):
    """A tracked event that reuses the id of an earlier one for other content; found by the relay, kept for intake.

    One without an id says only how many `more` there were in a batch.
    """

    source = models.TextField()
    event_id = models.TextField()
    said = models.JSONField()
    more = models.IntegerField(default=0)
    received_at = models.DateTimeField()


class Retraction(models.Model):
    """An event that its source took back; it counts for whoever asks as of what was known before `known_at`.

    `kind`, `account` and `at` are those of the event, so that readers need not look for it everywhere; null when not known.
    """

    key = models.UUIDField(primary_key=True)
    known_at = models.DateTimeField()
    kind = models.TextField(null=True)
    account = models.TextField(null=True)
    at = models.DateTimeField(null=True)


class OriginRetraction(models.Model):
    """All events of one import were taken back; they count for whoever asks as of what was known before `known_at`."""

    origin = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()
