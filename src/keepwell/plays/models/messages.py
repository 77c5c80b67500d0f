"""What is sent to the outside, each with its attempts."""

from django.db import models

from keepwell.ledger.models import Account
from keepwell.plays.models.playbooks import RunStep

MESSAGE_STATES = [
    ("queued", "Waiting"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("failed", "Given up"),
    ("unsure", "Nobody knows"),
]


class Channel(models.Model):
    """Where messages go: a signed webhook, or the incoming webhook of a chat. `url` and `secret` are never shown again.

    While it is paused its messages wait. `tested_well` is the verdict of the last test, None where none was made.
    """

    KINDS = [("webhook", "Signed webhook"), ("chat", "Chat")]

    slug = models.CharField(max_length=63, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=KINDS)
    url = models.TextField()
    secret = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    tested_well = models.BooleanField(null=True)
    tested_said = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """One message: a mail, a chat message or a webhook. Made with its step, taken by one worker, tried again with back-off.

    `key` is the same at every attempt: whoever gets it twice can tell. A mail that broke off while it was sent is "unsure"
    and never sent again by itself. `calendar` is the entry that a mail carries, in iCalendar.
    """

    step = models.OneToOneField(
        RunStep, models.CASCADE, null=True, related_name="+", related_query_name="message"
    )
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, related_name="+", related_query_name="message"
    )
    key = models.CharField(max_length=100, unique=True)
    recipient = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    body = models.TextField()
    calendar = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=MESSAGE_STATES, default="queued")
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="queued"), name="message_waiting"),
            models.Index(fields=["-made_at"], name="message_newest"),
        ]


class MessageAttempt(models.Model):
    """One try: what was answered, or why there was no answer."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="+", related_query_name="attempt")
    at = models.DateTimeField()
    status = models.IntegerField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    error = models.CharField(max_length=500, blank=True)
