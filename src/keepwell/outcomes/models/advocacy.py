"""Who of the customers was asked to speak for us, what was answered, and what came of it."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account, Person

KINDS = [
    ("reference", "Reference call"),
    ("case_study", "Case study"),
    ("review", "Review"),
    ("speaking", "Speaking"),
    ("referral", "Referral"),
    ("logo", "Logo"),
]
ANSWERS = [("yes", "Yes"), ("later", "Later"), ("no", "No"), ("never", "Never ask again")]


class AdvocateAsk(models.Model):
    """One of the customer's people was asked for something, perhaps for somebody (`for_whom`)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="advocate_ask")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=KINDS)
    for_whom = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    asked_on = models.DateField(db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["account", "-asked_on"], name="ask_of_account")]


class AdvocateAnswer(models.Model):
    """What was answered; taking this row away says that they have not answered yet. "later" may name a day."""

    ask = models.OneToOneField(AdvocateAsk, models.CASCADE, related_name="+", related_query_name="answer")
    answer = models.CharField(max_length=10, choices=ANSWERS)
    on = models.DateField()
    again_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")


class AdvocateOutcome(models.Model):
    """What came of it: the call that was held, the text that was published, with where it is."""

    ask = models.OneToOneField(AdvocateAsk, models.CASCADE, related_name="+", related_query_name="outcome")
    on = models.DateField()
    text = models.CharField(max_length=500)
    link = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
