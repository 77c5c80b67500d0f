"""What the customer bought, until when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.base import KeyedFact, latest


class Contract(KeyedFact):
    """A subscription or engagement; without an end it is open-ended.

    `product` is its plan or main product, `products` all that it covers; `limits` are amounts by what they limit;
    `term_months` is for how long the customer is bound each time; `terms_since` the day from which changed terms hold.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    product = models.CharField(max_length=200, blank=True)
    products = ArrayField(models.CharField(max_length=200), default=list)
    arr = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="USD")
    seats = models.IntegerField(null=True)
    limits = models.JSONField(default=dict)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    auto_renew = models.BooleanField(null=True)
    notice_days = models.IntegerField(null=True)
    term_months = models.IntegerField(null=True)
    terms_since = models.DateField(null=True)

    @property
    def effective(self) -> None:
        """Told with new terms, and not kept: `terms_since` is what came of it."""
        return None

    class Meta:
        indexes = [
            latest("start_date", name="contract_latest"),
            models.Index(fields=["id"], name="contract_limited", condition=~models.Q(limits={})),
        ]
