"""The dead letter: what could not be taken, why, and what was done about it."""

from django.conf import settings
from django.db import models

from keepwell.intake.models.batches import Batch
from keepwell.intake.models.sources import Source

VERDICTS = ("rejected", "conflict")
STATES = ("open", "replayed", "dismissed", "rehearsed")


class Rejection(models.Model):
    """A row or tracked event that was not stored, kept with its reason so that it can be mended.

    `why` is the stable slug of the reason, `about` the value it names (the key that is not known). `content` is what a
    replay would send: as it came, or as it was mended last. `rehearsed` ones are of a dry run. `row` of a tracked event
    is its place in the request.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, null=True, related_name="+")
    row = models.BigIntegerField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10, choices=[(verdict, verdict) for verdict in VERDICTS])
    reason = models.TextField()
    why = models.CharField(max_length=63, default="other")
    about = models.CharField(max_length=200, blank=True)
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="open")
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["batch", "row"], name="rejection_batch"),
            models.Index(fields=["source", "-received_at"], name="rejection_source"),
            models.Index(fields=["why", "about"], name="rejection_open", condition=models.Q(state="open")),
        ]


class Deed(models.Model):
    """What somebody did about a rejection, and when."""

    rejection = models.ForeignKey(Rejection, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Mending(Deed):
    """A rejection's content was changed; `before` is what it was until then."""

    before = models.JSONField()


class Dismissal(Deed):
    """A rejection was put aside for good, until it is taken up again."""

    note = models.CharField(max_length=500, blank=True)
    until = models.DateTimeField(null=True)
