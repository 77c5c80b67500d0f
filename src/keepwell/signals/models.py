"""Rules that watch, as versioned data, and what they noticed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.access.versioned import Defined, Version
from keepwell.ledger.models import Account


class Rule(Defined):
    """A named condition that is watched for while it is `active`; `published` is its version in force."""

    published = models.ForeignKey("RuleVersion", models.PROTECT, null=True, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class RuleVersion(Version):
    """One state of a rule.

    `sentence` is the definition in words; it watches since `begun_at`: that may be after it was published, when what it asks
    for was not measured before. `verdict` is what its rehearsal said of this very definition; `unknown` of how many accounts
    the last sweep could not tell whether it holds.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="+")
    sentence = models.TextField()
    begun_at = models.DateTimeField(null=True)
    unknown = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="one_rule_version_per_number")]


class Firing(models.Model):
    """A rule held for an account from `at` until `ended_at` (null: still); what it saw stays as it was.

    `stood` says that it held already when the version began to watch: that is no news, and nothing is opened by it.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="firing")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stood = models.BooleanField(default=False)
    sentence = models.TextField()
    because = ArrayField(models.TextField(), default=list)
    ended_because = ArrayField(models.TextField(), default=list)
    evidence = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "account"],
                condition=models.Q(ended_at=None),
                name="one_firing_while_it_holds",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="firing_of_account"),
            models.Index(fields=["rule", "-at"], name="firing_of_rule"),
            models.Index(fields=["rule", "at"], name="firing_lately", condition=models.Q(stood=False)),
        ]


class Snooze(models.Model):
    """Somebody wants to hear nothing of a rule on an account before a moment, or before it is taken back."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="signal_snooze")
    until = models.DateTimeField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "account"], condition=models.Q(ended_at=None), name="one_snooze_at_a_time"
            )
        ]


class Watch(models.Model):
    """Up to where rules have looked: one row, written with what they noticed.

    `day` is the day of the last sweep, `band_change` the last one seen, `looked_at` when hand-overs were last looked for,
    `spoken` the counted events that had happened anywhere.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    day = models.DateField(null=True)
    band_change = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    spoken = models.JSONField(default=list)


class Rehearsal(models.Model):
    """A version of a rule run over the company's own past, each day as known then, beside the version that it would replace.

    What was asked stands in `step_days`, `horizon_days`, `since`, `until`, `departure`; what both versions said then is kept
    with it, for a draft may say something else later. `figures` is what was found of it, `other` of the version beside it.
    """

    STATES = [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped")]

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="+")
    definition = models.JSONField()
    against = models.ForeignKey(RuleVersion, models.SET_NULL, null=True, related_name="+")
    against_definition = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    departure = models.JSONField()
    step_days = models.IntegerField()
    horizon_days = models.IntegerField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    steps_done = models.IntegerField(default=0)
    steps_total = models.IntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    lake_version = models.BigIntegerField(null=True)
    figures = models.JSONField(null=True)
    other = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["version", "-asked_at"], name="rehearsal_newest")]
