"""How accounts belong together, and what became of them when organisations changed."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from keepwell.access.models import User
from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.identity import KNOWN, Known, hashed, same


class ParentLink(Known):
    """One account belongs under another from a day (null: always) until a day (null: still), in one sense.

    `kind`: "legal", "commercial" or "site". One parent a kind a day.
    """

    child = models.ForeignKey(Account, models.CASCADE, related_name="+")
    parent = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(child=F("parent")), name="no_account_under_itself"),
            ExclusionConstraint(
                name="one_parent_a_kind_at_a_time",
                expressions=[
                    (same(F("child")), RangeOperators.OVERLAPS),
                    (same(hashed("kind")), RangeOperators.OVERLAPS),
                    (Func(F("since"), F("until"), function="daterange"), RangeOperators.OVERLAPS),
                    (KNOWN, RangeOperators.OVERLAPS),
                ],
            ),
        ]


class AccountDomain(models.Model):
    """An e-mail domain of an account's people; several accounts may share one."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "domain"], name="one_row_a_domain")]
        indexes = [models.Index(fields=["domain"], name="accountdomain_domain")]


class Reorganisation(models.Model):
    """Two accounts became one, one became two, or one came under another; `moved` says what moved, so that it can be undone.

    `kind`: "merge" (all of `source` went to `target`), "split" (some of `source` went to `target`, which was made for it)
    or "move" (`source` came under `target`, or under none).
    """

    kind = models.CharField(max_length=20)
    source = models.ForeignKey(Account, models.CASCADE, related_name="+")
    target = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
