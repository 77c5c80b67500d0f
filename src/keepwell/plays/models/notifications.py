"""What people are told, how they want to be told, and the letters that told them."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account

LETTER_STATES = [
    ("queued", "Waiting"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("failed", "Given up"),
    ("unsure", "Nobody knows"),
]


class Notification(models.Model):
    """One thing that one person was told, once: `key` names the happening. `subject` is what it opens ("task:5")."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=63)
    key = models.CharField(max_length=200)
    what = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="notification_newest"),
            models.Index(
                fields=["user"], condition=models.Q(read_at=None, in_app=True), name="notification_unread"
            ),
        ]


class NoticeChoice(models.Model):
    """How somebody wants to hear of one kind, where it is not the usual way."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=63)
    in_app = models.BooleanField()
    by_mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_kind")]


class NoticeMark(models.Model):
    """Up to which moment happenings were looked at: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()


class Letter(models.Model):
    """A digest of one day to one person: made once, taken by one worker, sent at most once.

    What broke off while it was being sent is "unsure", and never sent again.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=LETTER_STATES, default="queued")
    tries = models.SmallIntegerField(default=0)
    since = models.DateTimeField()
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_letter_a_day")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="queued"), name="letter_waiting"),
        ]
