"""The index of what people search for, and which rows it has yet to look at again."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Left

from keepwell.ledger.models import Account


class Entry(models.Model):
    """One thing that can be found by whoever sees its account; without one, by whoever sees everything.

    `marks` are the numbers of its words' beginnings and of these with a letter left out (`formulas/marks.py`), `lead` its
    title's first two letters; `weight` orders what fits equally well. Where much fits, the database walks down the weights
    until it has enough; where little does, it looks up the marks.
    """

    kind = models.CharField(max_length=31)
    number = models.BigIntegerField()
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    also = models.TextField(blank=True)
    hint = models.CharField(max_length=300, blank=True)
    weight = models.IntegerField()
    lead = models.CharField(max_length=2)
    marks = ArrayField(models.IntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_entry_each")]
        indexes = [
            GinIndex(fields=["marks"], name="entry_marks"),
            models.Index(fields=["lead", "-weight"], name="entry_lead"),
            models.Index(Left("lead", 1), models.F("weight").desc(), name="entry_first"),
            models.Index(fields=["-weight"], name="entry_weight"),
        ]


class Due(models.Model):
    """A row of a watched table was written; the database itself notes it, whoever wrote."""

    table = models.CharField(max_length=63)
    number = models.BigIntegerField()
