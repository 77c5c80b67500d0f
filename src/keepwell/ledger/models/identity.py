"""Which raw keys mean which account."""

from django.db import models

from keepwell.ledger.models.accounts import Account


class IdentityLink(models.Model):
    """A raw key of events (an account's own key, or "contract:KEY") and the account that it means."""

    key = models.CharField(max_length=220, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()
