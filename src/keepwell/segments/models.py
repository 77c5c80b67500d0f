"""Segments by rule, and who belonged to them from when until when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account

STATES = [("member", "Member"), ("unknown", "Cannot be told")]


class Segment(models.Model):
    """Accounts for which a condition holds. `computed` is what the stored memberships were computed by, and until when."""

    slug = models.CharField(max_length=63, unique=True)
    title = models.CharField(max_length=200)
    sentence = models.CharField(max_length=500, blank=True)
    condition = models.JSONField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    computed = models.JSONField(null=True)
    computed_as_of = models.DateField(null=True)
    beginnings = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.title


class Judging(models.Model):
    """A segment that is new or says something else, while a job judges its whole past: `done` of `total` accounts."""

    segment = models.OneToOneField(Segment, models.CASCADE, primary_key=True, related_name="+")
    computed = models.JSONField()
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)


class Membership(models.Model):
    """An account belonged to a segment, or could not be told, on the stored days with since ≤ day < until (null: still).

    `because` are the reasons of the first day, `ended_because` those of the day on which it was another way.
    """

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="membership")
    state = models.CharField(max_length=10, choices=STATES)
    since = models.DateField()
    until = models.DateField(null=True)
    because = ArrayField(models.TextField(), default=list)
    ended_because = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "account", "since"], name="one_membership_a_day")
        ]
        indexes = [
            models.Index(fields=["segment", "state", "until"], name="membership_present"),
            models.Index(fields=["segment", "since"], name="membership_since"),
        ]


class Turnover(models.Model):
    """How many more accounts a segment has from a day on, told as differences: the sum of a day's rows is what there is.

    Triggers append them (migration 0005), so that nobody who writes waits for another; `memberships.settle_turnover` adds them
    up now and then. `worth` is the ARR of those who came on the day and are still in it, `rated` how many of them have one.
    """

    segment = models.ForeignKey(
        Segment, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    state = models.CharField(max_length=10, choices=STATES)
    day = models.DateField()
    accounts = models.BigIntegerField()
    worth = models.DecimalField(max_digits=30, decimal_places=2)
    rated = models.BigIntegerField()
    settled = models.BooleanField(db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["segment", "state", "day"], name="turnover_of_segment"),
            models.Index(fields=["id"], condition=models.Q(settled=False), name="turnover_unsettled"),
        ]


class PhaseOverride(models.Model):
    """Somebody says in which phase an account is, whatever the rules say, while since ≤ day < until (null: still)."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", related_query_name="phase_override"
    )
    phase = models.CharField(max_length=63)
    reason = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    since = models.DateField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(until=None), name="one_phase_override_at_a_time"
            )
        ]
