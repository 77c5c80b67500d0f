"""What could have been known of a customer that left, and what was done with it."""

from django.db import models

from keepwell.ledger.models import Account


class Autopsy(models.Model):
    """One departure of an account, looked at once it was certain; `findings` are what was found then (`formulas.autopsy`).

    `signalled` says whether anything fired before it left, `responded` whether anybody did anything after the first signal,
    `lead_days` how long before it left the first signal came.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    left_on = models.DateField()
    written_at = models.DateTimeField()
    signalled = models.BooleanField()
    responded = models.BooleanField()
    lead_days = models.IntegerField(null=True)
    arr = models.DecimalField(max_digits=30, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    findings = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "left_on"], name="one_autopsy_a_departure")]
        indexes = [models.Index(fields=["-left_on"], name="autopsy_latest")]
