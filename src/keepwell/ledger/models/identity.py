"""Which raw keys mean which account and which person, and from when until when that was known."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Value

from keepwell.ledger.models.accounts import Account
from keepwell.ledger.models.people import Person


def same(expression: Any) -> Func:
    """Equality for an exclusion constraint, as a range of one number: the plain server has no `btree_gist`."""
    return Func(expression, expression, Value("[]"), function="int8range")


def hashed(name: str) -> Func:
    """A text column as 64 bits, for `same`."""
    return Func(F(name), Value(0), function="hashtextextended")


KNOWN = Func(F("known_from"), F("known_until"), function="tstzrange")


class Known(models.Model):
    """A row that counted as known from a moment (null: always) until another (null: still); half-open."""

    known_from = models.DateTimeField(null=True)
    known_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class IdentityLink(Known):
    """A raw key of events (an account's own key, or "contract:KEY") and the account that it means.

    `reason` says who holds so: "own", "contract", "manual", "merge", "split".
    """

    key = models.CharField(max_length=220)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()
    reason = models.CharField(max_length=20, default="own")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(known_until=None), name="one_account_a_key_now"
            ),
            ExclusionConstraint(
                name="one_account_a_key_at_a_time",
                expressions=[
                    (same(hashed("key")), RangeOperators.OVERLAPS),
                    (KNOWN, RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["key"], name="identitylink_key")]


class PersonAlias(Known):
    """A raw key (an anonymous visitor's, an earlier id) and the person that it means; chains are followed when read."""

    key = models.CharField(max_length=200)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    linked_at = models.DateTimeField()
    source = models.CharField(max_length=63, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(known_until=None), name="one_person_a_key_now"
            ),
            ExclusionConstraint(
                name="one_person_a_key_at_a_time",
                expressions=[
                    (same(hashed("key")), RangeOperators.OVERLAPS),
                    (KNOWN, RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Placement(Known):
    """A person belongs to an account from a day (null: always) until a day (null: still), and since when that is known.

    Both times are kept: what is learned late about a move changes nothing that is asked as known before. `reason` says
    what tells so: "declared", "domain", "merge", "split".
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=20, default="declared")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_placement_at_a_time",
                expressions=[
                    (same(F("account")), RangeOperators.OVERLAPS),
                    (same(F("person")), RangeOperators.OVERLAPS),
                    (Func(F("since"), F("until"), function="daterange"), RangeOperators.OVERLAPS),
                    (KNOWN, RangeOperators.OVERLAPS),
                ],
            )
        ]
