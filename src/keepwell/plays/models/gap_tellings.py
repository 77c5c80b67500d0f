"""Who asked for a gap is told that it is shipped, once."""

from django.db import models

from keepwell.ledger.models import GapRequest
from keepwell.plays.models.messages import Message


class GapTelling(models.Model):
    """How one request is answered when its gap is shipped.

    `state` is "letter" (its message says how that went), "same" (the same person is told by another request's letter) or
    "no_address". Who was told otherwise, by hand, is "by_hand".
    """

    request = models.OneToOneField(GapRequest, models.CASCADE, related_name="+", related_query_name="telling")
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, related_name="+", related_query_name="telling"
    )
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
