"""Something somebody has to do for an account by some moment."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account
from keepwell.plays.models.incidents import Incident


class Task(models.Model):
    """Assigned to a role, and to the person who holds it for the account if there is one; or made by hand for somebody.

    `key` names it where it came from a file or a program; `made_by` is who thought of it, empty when a rule did. `clock` is
    that of its incident which it serves: it is done when that has what it waits for.
    """

    key = models.CharField(max_length=200, null=True, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    role = models.CharField(max_length=30, blank=True)
    clock = models.CharField(max_length=10, blank=True, default="")
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "due_at"], name="task_assignee_due"),
            models.Index(fields=["due_at"], name="task_due"),
        ]


class TaskCompletion(models.Model):
    """The task was done; taking this row away reopens it."""

    task = models.OneToOneField(Task, models.CASCADE, related_name="+", related_query_name="completion")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
