"""People who log in, their teams and tokens, and the trail of who did what."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from keepwell.access.roles import ROLES

COMPANY = "company"  # the key of what the company decided


class Team(models.Model):
    """People who share a book of business."""

    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail address, whatever its capitals; with each comes what the company decided."""

    def get_queryset(self) -> models.QuerySet["User"]:
        """The people with `company`, so that a request need not ask for its defaults."""
        company = CompanySetting.objects.filter(key=COMPANY).values("value")[:1]
        return super().get_queryset().annotate(company=models.Subquery(company))

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who may sign in; `preferences` are what they decided (`decisions.OF_PERSON`), read with every request anyway."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=30, choices=[(slug, role.title) for slug, role in ROLES.items()])
    teams = models.ManyToManyField(Team, related_name="+", blank=True)
    is_active = models.BooleanField(default=True)
    preferences = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Token(models.Model):
    """A secret by which a program acts for a person; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class CalendarFeed(models.Model):
    """A secret address by which a calendar program reads what is due for a person; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at=None), name="one_calendar_feed_a_person"
            )
        ]


class KeptAnswer(models.Model):
    """What a program was answered to a write that carried a key of its own, so that a repeat has no second effect."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    question = models.CharField(max_length=64)
    status = models.IntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["token", "at"], name="kept_answer_age")]


class CompanySetting(models.Model):
    """One decision that holds for the whole company."""

    key = models.CharField(max_length=63, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()


class AuditEntry(models.Model):
    """Who did what to what, when; written in the same transaction as the deed, never changed."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20)
    deed = models.CharField(max_length=63)
    subject = models.CharField(max_length=200)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="audit_subject_at")]
