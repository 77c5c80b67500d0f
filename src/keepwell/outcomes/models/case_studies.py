"""What may be told of a customer in public: words of theirs with their permission, the case study, its publication."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account, Person

QUOTE_SOURCES = [
    ("survey", "Answer to a survey"),
    ("ask", "Answer to an ask"),
    ("value", "Confirmation of value"),
    ("said", "Said to us"),
]


class CustomerQuote(models.Model):
    """Words of one of the customer's people. Without `permitted_on` nobody said that they may be used; `evidence` is where
    that is seen, `origin` the number of the answer that they were taken from.
    """

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", related_query_name="customer_quote"
    )
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=300)
    text = models.TextField()
    source = models.CharField(max_length=10, choices=QUOTE_SOURCES)
    origin = models.BigIntegerField(null=True)
    said_on = models.DateField()
    permitted_on = models.DateField(null=True)
    evidence = models.CharField(max_length=500, blank=True)
    labels = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["account", "-said_on"], name="quote_of_account")]


class CaseStudy(models.Model):
    """The draft of an account's case study: the text as somebody wrote it last, the one before it, and what was drafted."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="+", related_query_name="case_study")
    text = models.TextField()
    former = models.TextField(blank=True)
    drafted = models.TextField()
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class CaseStudyPublication(models.Model):
    """It is out, since which day and where; taking this row away says that it is not."""

    study = models.OneToOneField(
        CaseStudy, models.CASCADE, related_name="+", related_query_name="publication"
    )
    on = models.DateField()
    link = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
