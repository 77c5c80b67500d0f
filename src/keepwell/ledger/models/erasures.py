"""People who asked to be forgotten: the work, the proof that it was done, and how their return is noticed."""

from django.db import models

from keepwell.access.models import User

STATES = ("running", "done")


class ErasureCertificate(models.Model):
    """That an erasure took place, and what it found and did. `subject` is a keyed hash: who it was cannot be read here."""

    subject = models.CharField(max_length=64, db_index=True)
    requested_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    through = models.CharField(max_length=20)
    ground = models.CharField(max_length=63)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    found = models.JSONField(default=dict)
    done = models.JSONField(default=dict)
    left = models.JSONField(default=dict)
    rounds = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    @property
    def number(self) -> str:
        """How it is called on paper."""
        return f"E-{self.pk:06}"

    def __str__(self) -> str:
        return self.number


class Erasure(models.Model):
    """An erasure that is not finished; whom it concerns stands here and nowhere else, and goes when the work is done.

    `erasers` are the slugs of those that this round has asked already.
    """

    certificate = models.OneToOneField(ErasureCertificate, models.CASCADE, related_name="+", primary_key=True)
    subject = models.JSONField()
    pseudonyms = models.JSONField()
    erasers = models.JSONField(default=list)
    error = models.TextField(blank=True)


class ErasedMark(models.Model):
    """A keyed hash of a key or an address of somebody who was erased: what names them is not taken in any more."""

    digest = models.CharField(max_length=64, primary_key=True)
    certificate = models.ForeignKey(ErasureCertificate, models.CASCADE, related_name="+")
    readmitted_at = models.DateTimeField(null=True)
