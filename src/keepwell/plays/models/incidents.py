"""An account fell into trouble, and we answer within the clock."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account, Note
from keepwell.segments.models import Segment
from keepwell.signals.models import Firing


class IncidentPractice(models.Model):
    """How incidents of a segment (null: of all others) are answered from a moment on; never changed, only followed by another.

    Of an account in several such segments the one with the lowest `place` counts.
    """

    segment = models.ForeignKey(Segment, models.PROTECT, null=True, related_name="+")
    place = models.IntegerField(default=0)
    definition = models.JSONField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="one_practice_in_force",
            )
        ]


class Incident(models.Model):
    """Open until a closure states cause and plan; `evidence` is what was seen when it opened.

    `matter` is what it is about: "rule:SLUG" or "hand:CAUSE"; one is open for an account and matter. `opened_by` is who opened
    it by hand; a rule's `firing` did otherwise. `due_at` is when its next clock runs out, `round` how often it came back.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    firing = models.ForeignKey(Firing, models.PROTECT, null=True, related_name="+")
    matter = models.CharField(max_length=100, default="hand:other")
    practice = models.ForeignKey(IncidentPractice, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    evidence = models.JSONField()
    open = models.BooleanField(default=True)
    round = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "matter"],
                condition=models.Q(open=True),
                name="one_open_incident_per_matter",
            )
        ]
        indexes = [models.Index(fields=["open", "due_at"], name="incident_clock")]


class IncidentClosure(models.Model):
    """Why it happened and what is done about it; without both an incident cannot be closed.

    One that was taken back, or after which the same came again, is `ended` and stays.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    cause_kind = models.CharField(max_length=63, blank=True)
    cause = models.TextField()
    plan = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=models.Q(ended_at=None), name="one_closure_of_an_incident"
            )
        ]


class IncidentClock(models.Model):
    """Until when an incident needs its call, its cause or its plan; `met_at` once it has it.

    `step` is how many steps of the path were told, `next_step_at` when the next is due (null: none).
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+", related_query_name="clock")
    round = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=10)
    counts = models.CharField(max_length=10)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    step = models.SmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "round", "kind"], name="one_clock_of_a_kind")
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"],
                condition=models.Q(met_at=None, next_step_at__isnull=False),
                name="clock_escalates",
            )
        ]


class IncidentCall(models.Model):
    """A call about an incident, held at a moment."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    round = models.SmallIntegerField(default=0)
    held_at = models.DateTimeField()
    said = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()


class IncidentAttendance(models.Model):
    """Somebody was on a call, as one of the roles that were called or standing in for it."""

    call = models.ForeignKey(IncidentCall, models.CASCADE, related_name="+")
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "role"], name="one_attends_for_a_role")]


class IncidentFinding(models.Model):
    """A cause that was found or a plan that was made; the last one counts. `cause_kind` is which of the declared causes."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    round = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=10)
    cause_kind = models.CharField(max_length=63, blank=True)
    text = models.TextField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()


class IncidentTelling(models.Model):
    """Somebody was told of an incident, once a `key`; nobody (`user` null) where no one holds the role or stands in for it.

    `kind` says why: called, overdue (of a clock, at a step of the path), again, by_hand. `role` was asked for, `as_role` is
    how they were found. The mail about it is "" (none), or as `LETTER_STATES` say.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    clock = models.CharField(max_length=10, blank=True)
    step = models.SmallIntegerField(default=0)
    role = models.CharField(max_length=30)
    as_role = models.CharField(max_length=30, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    mail_state = models.CharField(max_length=10, blank=True)
    mail_tries = models.SmallIntegerField(default=0)
    mail_next_at = models.DateTimeField(null=True)
    mail_taken_at = models.DateTimeField(null=True)
    mail_ended_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="told_of_incident_once")]
        indexes = [
            models.Index(
                fields=["mail_next_at"], condition=models.Q(mail_state="queued"), name="telling_waiting"
            )
        ]


class IncidentNote(models.Model):
    """A note of the account that was written while working on an incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="+")
    note = models.OneToOneField(Note, models.CASCADE, related_name="+")
