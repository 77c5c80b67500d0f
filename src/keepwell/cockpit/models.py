"""What a person did with what waited for them. The list itself is never stored."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account

ITEM_LENGTH = 200


class Handled(models.Model):
    """Somebody has seen to it; taking this row away brings it back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    item = models.CharField(max_length=ITEM_LENGTH)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "item"], name="handled_once")]


class Snooze(models.Model):
    """Somebody wants to hear of it again at a moment; `told_at` is when they were."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    item = models.CharField(max_length=ITEM_LENGTH)
    what = models.CharField(max_length=500)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    until = models.DateTimeField()
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "item"], name="snoozed_once")]
        indexes = [
            models.Index(fields=["until"], condition=models.Q(told_at=None), name="snooze_untold"),
        ]


class Delegation(models.Model):
    """Somebody gave it to a colleague, who sees it as it was said then, until it is done or taken back."""

    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    item = models.CharField(max_length=ITEM_LENGTH)
    source = models.CharField(max_length=63)
    what = models.CharField(max_length=500)
    why = models.TextField()
    deed = models.CharField(max_length=30)
    subject = models.CharField(max_length=300)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "item"], condition=models.Q(done_at=None), name="delegated_once_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["to"], condition=models.Q(done_at=None), name="delegation_open"),
        ]
