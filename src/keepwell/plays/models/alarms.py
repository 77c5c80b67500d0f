"""Whom a signal is told, and what people made of it: a firing, its deliveries and its responses are three records."""

from django.db import models

from keepwell.access.models import User
from keepwell.plays.models.incidents import Incident
from keepwell.plays.models.playbooks import Run
from keepwell.plays.models.tasks import Task
from keepwell.signals.models import Firing, Rule

DELIVERY_STATES = [("waiting", "Waits"), ("delivered", "Told"), ("withdrawn", "Not told")]
RESPONSE_KINDS = [
    ("acknowledged", "Acknowledged"),
    ("acted", "Acted on"),
    ("snoozed", "Put off"),
    ("not_useful", "Not useful"),
]


class Delivery(models.Model):
    """One signal to be told to one person, once; while `user` is null, nobody was found who should hear it.

    The row is the queue: it is made with the firing, waits until `due_at`, and ends told or withdrawn, with the reason.
    `role` is by which the person was chosen; `because` says why it waits or was withdrawn, `through` how it was told.
    """

    firing = models.ForeignKey(Firing, models.CASCADE, related_name="+", related_query_name="delivery")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=DELIVERY_STATES, default="waiting")
    because = models.CharField(max_length=20, blank=True)
    through = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firing", "user"], nulls_distinct=False, name="one_delivery_a_person"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["user", "-ended_at"], name="delivery_of_person"),
        ]


class Response(models.Model):
    """What somebody made of a signal; it stands until `taken_back_at`. `task`, `incident` or `run` is what was made of it."""

    firing = models.ForeignKey(Firing, models.CASCADE, related_name="+", related_query_name="response")
    kind = models.CharField(max_length=20, choices=RESPONSE_KINDS)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    until = models.DateTimeField(null=True)
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+")
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firing", "kind", "by"],
                condition=models.Q(taken_back_at=None) & ~models.Q(kind="acted"),
                nulls_distinct=False,
                name="one_response_of_a_kind",
            )
        ]


class AlertBudget(models.Model):
    """What the alarms of a rule were worth over the year before `at`: a cache, counted every night."""

    rule = models.OneToOneField(Rule, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    figures = models.JSONField()
