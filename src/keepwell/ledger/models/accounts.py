"""Accounts and who on our side looks after them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models.base import KeyedFact


class Account(KeyedFact):
    """A customer; `former` once every contract has ended, it said that it left and no contract began since, or it was merged.

    `arr_amount` is stated in `arr_currency` when the active contracts share one. `arr_parts` has the sum of each
    currency, `arr_reporting` all of them in `reporting_currency`: null while `arr_unrated` names currencies without a
    rate. `arr_*`, `renewal_date`, `former` and `last_touch_at` are restated from contracts, departures and touchpoints.
    """

    name = models.CharField(max_length=300)
    industry = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)
    tier = models.CharField(max_length=63, blank=True)
    phase = models.CharField(max_length=63, blank=True)
    since = models.DateField(null=True)
    tags = ArrayField(models.CharField(max_length=63), default=list)
    arr_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    arr_currency = models.CharField(max_length=3, blank=True)
    arr_parts = models.JSONField(default=dict)
    arr_reporting = models.DecimalField(max_digits=30, decimal_places=2, null=True)
    reporting_currency = models.CharField(max_length=3, blank=True)
    arr_unrated = ArrayField(models.CharField(max_length=3), default=list)
    renewal_date = models.DateField(null=True)
    left_at = models.DateTimeField(null=True)
    former = models.BooleanField(default=False)
    last_touch_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    merged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="account_name"),
            models.Index(
                fields=["id"],
                condition=models.Q(former=True) | models.Q(merged_into__isnull=False),
                name="account_absent",
            ),
            models.Index(fields=["-arr_reporting"], name="account_arr_reporting"),
            models.Index(fields=["renewal_date"], name="account_renewal"),
        ]


class Ownership(KeyedFact):
    """Somebody on our side owns an account in a role, from a day until a day.

    `ends` is what was told of the end; `until` is that, or the day on which the next one begins if that is sooner.
    """

    moves_with_account = False
    goes_with_account = True

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", related_query_name="ownership")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    since = models.DateField()
    until = models.DateField(null=True)
    ends = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=models.Q(until=None), name="one_owner_per_role_now"
            )
        ]
        indexes = [models.Index(fields=["user", "until"], name="ownership_user")]
