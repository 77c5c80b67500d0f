"""Who looks at tickets first, from when on, and what was made of each."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account, ProductGap, Ticket
from keepwell.plays.models.library import Article
from keepwell.plays.models.messages import Message
from keepwell.plays.models.office_hours import OfficeHourSession

TRIAGE_DEEDS = [
    ("kind", "Kind"),
    ("article", "Answered with an article"),
    ("office_hour", "Put into an office hour"),
    ("gap", "Merged into a product gap"),
    ("pm", "Handed to the PM"),
]


class TriageStart(models.Model):
    """From this day on somebody looks at an account's tickets before the PM does.

    `pm_had_all` says that until then every ticket went to the PM; else the assignees of the tickets say which did.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, related_name="+", related_query_name="triage_start"
    )
    began_on = models.DateField()
    pm_had_all = models.BooleanField(default=False)
    declared = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()


class Triage(models.Model):
    """One deed on a ticket; `was` is what the ticket said before. All but "kind" settle it: one of them stands at a time.

    Taken back (`undone_at`) it stays as history. `to` is whom the PM's ticket went to, `answer` the letter with the article;
    where nobody could be written to, `unwritten` says why.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="triage")
    deed = models.CharField(max_length=20, choices=TRIAGE_DEEDS)
    kind = models.CharField(max_length=63, blank=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    session = models.ForeignKey(
        OfficeHourSession, models.SET_NULL, null=True, related_name="+", related_query_name="triage"
    )
    gap = models.ForeignKey(ProductGap, models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answer = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    unwritten = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    was = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(undone_at=None) & ~models.Q(deed="kind"),
                name="one_triage_stands",
            )
        ]
        indexes = [
            models.Index(fields=["session"], name="triage_session"),
            models.Index(fields=["-at"], name="triage_newest"),
        ]
