"""A success plan as it is worked on: what the customer wants to reach, how that shows, who does what until when.

What somebody may label otherwise than it is declared stands in `labels`, by field (`visibility.py`).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account, Person

BETTER = [("up", "More is better"), ("down", "Less is better")]
KINDS = [("milestone", "Milestone"), ("task", "Task")]
CADENCES = [
    ("weekly", "Weekly"),
    ("biweekly", "Biweekly"),
    ("monthly", "Monthly"),
    ("quarterly", "Quarterly"),
]


class SuccessPlan(models.Model):
    """What an account wants to reach with us, as it is being written; what was agreed stands in its versions.

    `changed_at` is when what it says last changed, `template` where its first draft came from.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="+", related_query_name="plan")
    vision = models.TextField(blank=True)
    cadence = models.CharField(max_length=20, blank=True, choices=CADENCES)
    notes = models.TextField(blank=True)
    labels = models.JSONField(default=dict)
    template = models.CharField(max_length=63, blank=True)
    begun_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, db_index=True)


class Piece(models.Model):
    """Something of a plan with a slug that is its own in the plan; one that was dropped stays, for what rests on it."""

    plan = models.ForeignKey(SuccessPlan, models.CASCADE, related_name="+")
    slug = models.CharField(max_length=63)
    place = models.SmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    notes = models.TextField(blank=True)
    labels = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Objective(Piece):
    """A business outcome; reviews score it, value models rest on it."""

    why = models.TextField(blank=True)
    target_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "slug"], name="one_objective_a_slug"),
        ]


class ObjectiveReach(models.Model):
    """The outcome is there; taking this row away says that it is not. `review` is the one that scored it so; none: by hand."""

    objective = models.OneToOneField(Objective, models.CASCADE, related_name="+", related_query_name="reach")
    review = models.ForeignKey("outcomes.Review", models.CASCADE, null=True, related_name="+")
    on = models.DateField()
    evidence = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class Indicator(Piece):
    """What shows early whether an outcome comes: a metric, or read by hand where `metric` is empty.

    Past `trigger`, on the wrong side of it, it alarms.
    """

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="+", related_query_name="indicator")
    metric = models.CharField(max_length=100, blank=True, db_index=True)
    unit = models.CharField(max_length=40, blank=True)
    better = models.CharField(max_length=4, choices=BETTER, default="up")
    baseline = models.FloatField(null=True)
    baseline_on = models.DateField(null=True)
    target = models.FloatField(null=True)
    target_date = models.DateField(null=True)
    trigger = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "slug"], name="one_indicator_a_slug"),
        ]


class Reading(models.Model):
    """What somebody read of an indicator on a day, and where."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", related_query_name="reading")
    on = models.DateField()
    value = models.FloatField()
    evidence = models.TextField(blank=True)
    labels = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["indicator", "-on", "-id"], name="reading_latest")]


class PlanStep(Piece):
    """A milestone or a task with an owner on each side; `after` are the slugs of those that come before it."""

    kind = models.CharField(max_length=10, choices=KINDS, default="milestone")
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, related_name="+")
    due_date = models.DateField(null=True)
    ours = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    theirs = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    after = ArrayField(models.CharField(max_length=63), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "slug"], name="one_step_a_slug")]
        indexes = [
            models.Index(fields=["due_date"], condition=models.Q(dropped_at=None), name="plan_step_due")
        ]


class PlanStepCompletion(models.Model):
    """A milestone or task is done; taking this row away reopens it."""

    step = models.OneToOneField(PlanStep, models.CASCADE, related_name="+", related_query_name="completion")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
