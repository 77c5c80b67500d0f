"""What is wrong with what is known of each account."""

from django.db import models

from keepwell.ledger.models import Account


class Finding(models.Model):
    """A check that an account fails, since when, and the particulars; rewritten from the facts by the worker."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    check_slug = models.CharField(max_length=63)
    detail = models.TextField(blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "check_slug"], name="one_finding_per_check")
        ]
        indexes = [models.Index(fields=["check_slug", "account"], name="finding_check")]

    def __str__(self) -> str:
        return f"{self.check_slug} of account {self.account_id}"


class AccountUse(models.Model):
    """When a source last told of an account's use of the product; a cache of the lake for the checks."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=63)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    names_people = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "source"], name="one_use_per_source")]
