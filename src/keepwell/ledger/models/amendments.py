"""What was agreed anew about a contract: that it goes on, more, less, or that it ends."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User


class Amendment(models.Model):
    """A contract was renewed, expanded, reduced or not renewed, from `on`; by the contract's key, as the ledger's events.

    `before` and `after` are the contract's ARR; `successor` is the key of the contract that was made for it. `was` and `made`
    are the terms that it changed, as they were and as they are since `terms_since`, so that it can be taken back.
    `told_again`: a source told it too, and `successor` is the source's contract (`contract` itself where it was prolonged);
    `apart` are the keys of those that somebody said to be others.
    """

    contract = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=20)
    on = models.DateField()
    before = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    after = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=40)
    preventable = models.BooleanField(null=True)
    note = models.TextField(blank=True)
    successor = models.CharField(max_length=200, blank=True, db_index=True)
    was = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    terms_since = models.DateField(null=True)
    event_id = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    told_again = models.BooleanField(default=False)
    apart = ArrayField(models.CharField(max_length=200), default=list)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(kind__in=["renewed", "not_renewed"], taken_back_at=None)
                & ~models.Q(successor=models.F("contract")),
                name="one_end_a_contract",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.kind}"
