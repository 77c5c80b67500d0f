"""The company's own paper for decks, and runs that make the decks of many accounts."""

from django.db import models

from keepwell.access.models import User

DECK_FORMS = [("pptx", "PowerPoint"), ("pdf", "PDF")]
DECK_STATES = [("queued", "Waiting"), ("running", "Under way"), ("done", "Done"), ("failed", "Stopped")]


class DeckTemplate(models.Model):
    """A PowerPoint file whose layouts, colours and type decks are made with; in force until `ended_at` (null: still)."""

    name = models.CharField(max_length=255)
    content = models.BinaryField()
    layouts = models.JSONField(default=list)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(ended_at=None), name="one_deck_template_in_force"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DeckRun(models.Model):
    """Decks of many accounts for a period, as one file; `keys` are the accounts that whoever asked saw then.

    `refused` are pairs of a key and why there is no deck; `place` is where the file stands, "" once it is forgotten.
    """

    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    whose = models.CharField(max_length=300)
    keys = models.JSONField()
    since = models.DateField()
    until = models.DateField()
    form = models.CharField(max_length=4, choices=DECK_FORMS)
    state = models.CharField(max_length=10, choices=DECK_STATES, default="queued")
    steps_done = models.IntegerField(default=0)
    refused = models.JSONField(default=list)
    place = models.CharField(max_length=40, blank=True)
    size = models.BigIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(state__in=["queued", "running"]), name="deck_run_open"
            )
        ]
