"""Time that somebody notes by hand; what touchpoints and tasks tell of it is not stored again."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account

ACTIVITIES = (
    ("customer", "With the customer"),
    ("support", "Answering support questions"),
    ("planning", "Planning and analysis"),
    ("internal", "Internal coordination"),
)


class TimeEntry(models.Model):
    """So many minutes of a person's day, for an account or for none; `removed_at` is when they took it away."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    minutes = models.IntegerField()
    activity = models.CharField(max_length=10, choices=ACTIVITIES)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "day"], name="time_entry_user_day")]

    def __str__(self) -> str:
        return f"{self.minutes} minutes on {self.day}"
