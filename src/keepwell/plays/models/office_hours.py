"""The weekly hour in which training requests are answered together."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account


class OfficeHour(models.Model):
    """A weekly slot, of one account or (null) of all; `weekday` 0 is Monday, `clock` the time where `zone` is."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    title = models.CharField(max_length=200)
    weekday = models.SmallIntegerField()
    clock = models.TimeField()
    zone = models.CharField(max_length=63)
    minutes = models.SmallIntegerField(default=60)
    place = models.CharField(max_length=500, blank=True)
    host = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class OfficeHourSession(models.Model):
    """One week's hour; `held_at` once it took place, `attended` are keys of the people who came."""

    office_hour = models.ForeignKey(
        OfficeHour, models.CASCADE, related_name="+", related_query_name="session"
    )
    starts_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    minutes = models.SmallIntegerField(null=True)
    attended = ArrayField(models.CharField(max_length=200), default=list)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office_hour", "starts_at"], name="one_session_a_week")
        ]
