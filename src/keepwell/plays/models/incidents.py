"""An account fell into trouble, and we answer within the clock."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account
from keepwell.signals.models import Firing


class Incident(models.Model):
    """Open until a closure states cause and plan; `evidence` is what was seen when it opened.

    `opened_by` is who opened it by hand; a rule's `firing` did otherwise.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    firing = models.ForeignKey(Firing, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    evidence = models.JSONField()
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(open=True), name="one_open_incident_per_account"
            )
        ]
        indexes = [models.Index(fields=["open", "due_at"], name="incident_clock")]


class IncidentClosure(models.Model):
    """Why it happened and what is done about it; without both an incident cannot be closed."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    cause = models.TextField()
    plan = models.TextField()
