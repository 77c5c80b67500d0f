"""When somebody of ours looked at an account."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models.accounts import Account


class Look(models.Model):
    """Somebody looked at an account at a moment; what is news to them came after `since` (null: they never looked before)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "account"], name="one_look_an_account")]
