"""What is due when, and when it was done."""

from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Milestone(KeyedFact):
    """A milestone; `first_due_date` is what was promised first, `moves` every later promise as [when, from, to]."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    title = models.CharField(max_length=300)
    phase = models.CharField(max_length=63, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=254, blank=True)
    planned_at = models.DateTimeField()
    first_due_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    done_date = models.DateField(null=True)
    moves = models.JSONField(default=list)

    @property
    def times_moved(self) -> int:
        """How often its due day was moved."""
        return len(self.moves)

    @property
    def slipped_days(self) -> int | None:
        """Days from the first promise to when it was done, or else to when it is due now."""
        last = self.done_date or self.due_date
        return (last - self.first_due_date).days if last and self.first_due_date else None

    class Meta:
        indexes = [
            models.Index(fields=["due_date"], name="milestone_due"),
            latest("due_date", name="milestone_latest"),
        ]
