"""Events on their way to the lake. Nothing is acknowledged before it stands here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class EventKey(models.Model):
    """An event that was ever accepted: a digest of its id, and a digest of its content to tell repeats from conflicts."""

    key = models.UUIDField(primary_key=True)
    content = models.BigIntegerField()


class OutboxEvent(models.Model):
    """One event that the lake does not hold yet; deleted once it does."""

    event_id = models.TextField()
    account = models.TextField()
    person = models.TextField()
    name = models.TextField()
    feature = models.TextField()
    kind = models.TextField()
    at = models.DateTimeField()
    known_at = models.DateTimeField()
    received_at = models.DateTimeField()
    value = models.FloatField(null=True)
    source = models.TextField()
    props = models.TextField()
    origin = models.BigIntegerField(null=True)


class RelayBatch(models.Model):
    """Exactly these outbox rows go to the lake together, as its application transaction `number`."""

    number = models.BigIntegerField(primary_key=True)
    outbox_ids = ArrayField(models.BigIntegerField())
    rows = models.IntegerField()
    taken_at = models.DateTimeField()
    lake_version = models.BigIntegerField(null=True)


class Retraction(models.Model):
    """An event that its source took back; it counts for whoever asks as of what was known before `known_at`."""

    key = models.UUIDField(primary_key=True)
    known_at = models.DateTimeField()


class OriginRetraction(models.Model):
    """All events of one import were taken back; they count for whoever asks as of what was known before `known_at`."""

    origin = models.BigIntegerField(primary_key=True)
    known_at = models.DateTimeField()
