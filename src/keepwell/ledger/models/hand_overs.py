"""Who is to look after an account from a day that has not come yet."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models.accounts import Account


class HandOver(models.Model):
    """From the day on `user` has the role for the account; the row goes when the day has come or it is taken back."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", related_query_name="hand_over", db_index=False
    )
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateField(db_index=True)
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "role"], name="one_hand_over_ahead")]
