"""What colleagues write down about an account, how it was worded before, and whom it mentions."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Note(KeyedFact):
    """A note written by hand; `author` is a colleague's e-mail address, a pinned one stands above the timeline."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    text = models.TextField()
    author = models.CharField(max_length=254, blank=True)
    written_at = models.DateTimeField()
    visibility = models.CharField(max_length=30, default="internal")
    pinned = models.BooleanField(default=False)

    class Meta:
        indexes = [latest("written_at", name="note_latest")]


class NoteWording(models.Model):
    """How a note was worded until somebody changed it; kept when the note is deleted, for it may come back."""

    note = models.CharField(max_length=200, db_index=True)
    text = models.TextField()
    visibility = models.CharField(max_length=30)
    changed_by = models.CharField(max_length=254, blank=True)
    changed_at = models.DateTimeField()


class NoteMention(models.Model):
    """A colleague who was mentioned in a note, once a note; whoever notifies takes them by their moment."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    mentioned_by = models.CharField(max_length=254, blank=True)
    mentioned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="one_mention_a_note_and_colleague")
        ]
