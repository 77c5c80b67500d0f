"""What the product lacks."""

from django.db import models

from keepwell.ledger.models.base import KeyedFact


class ProductGap(KeyedFact):
    """A gap or feature request of the whole company; merged ones count for the one they were merged into.

    `states` are all states it had, as [state, since]; being merged is one.
    """

    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=30, default="open")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    shipped_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    states = models.JSONField(default=list)
