"""Playbooks as versioned data, and what runs of them did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.access.versioned import Defined, Version
from keepwell.ledger.models import Account
from keepwell.plays.models.tasks import Task
from keepwell.signals.models import Firing

ORIGINS = [("hand", "By hand"), ("rule", "A rule fired"), ("phase", "A phase was entered")]
STEP_STATES = [
    ("waiting", "To come"),
    ("open", "Open"),
    ("done", "Done"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
]
ENDINGS = [
    ("reached", "Goal reached"),
    ("left", "Exit"),
    ("finished", "All steps over"),
    ("expired", "Out of time"),
    ("cancelled", "Cancelled"),
]


class Playbook(Defined):
    """Steps that are done for an account; started by rules and phases while it is `active`."""

    published = models.ForeignKey("PlaybookVersion", models.PROTECT, null=True, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class PlaybookVersion(Version):
    """One state of a playbook; runs pin theirs."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="one_playbook_version_per_number")
        ]


class Run(models.Model):
    """A playbook that runs for an account, by the version that was in force when it began; open until it has an ending.

    `key` names what started it, so that the same starts it once. `next_at` is when it has to be looked at again whatever
    happens; `looked_at` when it was. `because` says why it began.
    """

    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="+")
    version = models.ForeignKey(PlaybookVersion, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    origin = models.CharField(max_length=10, choices=ORIGINS)
    key = models.CharField(max_length=200, unique=True)
    firing = models.ForeignKey(Firing, models.SET_NULL, null=True, related_name="+")
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    because = ArrayField(models.TextField(), default=list)
    started_at = models.DateTimeField()
    open = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "account"], condition=models.Q(open=True), name="one_open_run_a_playbook"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(open=True), name="run_next"),
            models.Index(fields=["account", "-started_at"], name="run_of_account"),
            models.Index(fields=["playbook", "-started_at"], name="run_of_playbook"),
        ]


class RunEnding(models.Model):
    """How a run ended, and why; taking that of a cancelled one away lets it go on."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="+", related_query_name="ending")
    how = models.CharField(max_length=10, choices=ENDINGS)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    because = ArrayField(models.TextField(), default=list)


class RunPause(models.Model):
    """A run rested from `since` until `until` (null: still); what was due moves by as long."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", related_query_name="pause")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    because = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=models.Q(until=None), name="one_pause_of_a_run_at_a_time"
            )
        ]


class RunStep(models.Model):
    """A step of a run: when it begins, whose it is, what became of it, and its texts as they were filled.

    `said` is what its kind was told, `receipts` the facts that stand in it: field, value and the day of which it is.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", related_query_name="step")
    slug = models.CharField(max_length=63)
    place = models.SmallIntegerField()
    state = models.CharField(max_length=10, choices=STEP_STATES, default="waiting")
    outcome = models.CharField(max_length=30, blank=True)
    begins_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    because = ArrayField(models.TextField(), default=list)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    task = models.OneToOneField(
        Task, models.SET_NULL, null=True, related_name="+", related_query_name="play_step"
    )
    said = models.JSONField(default=dict)
    receipts = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "slug"], name="one_row_a_step")]


class PlayMark(models.Model):
    """Up to where was looked for what starts playbooks: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    firing = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)


class DryRun(models.Model):
    """What a version would have done for an account from a day on, day by day as known then. Nothing is done."""

    STATES = [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Stopped")]

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="+")
    definition = models.JSONField()
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    since = models.DateField()
    asked_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    found = models.JSONField(null=True)
