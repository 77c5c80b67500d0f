"""Something somebody has to do for an account by some moment."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account
from keepwell.plays.models.incidents import Incident


class Task(models.Model):
    """Assigned to a role, and to the person who holds it for the account if there is one."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=300)
    role = models.CharField(max_length=30)
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()


class TaskCompletion(models.Model):
    """The task was done; taking this row away reopens it."""

    task = models.OneToOneField(Task, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
