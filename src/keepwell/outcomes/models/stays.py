"""Kept beside the facts: which phases accounts were in. Told by `formulas.pathing`, it can be computed anew at any time."""

from django.db import models

from keepwell.ledger.models import Account


class Walk(models.Model):
    """What the path of an account was told from, of its own row: another row tells another path."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    since = models.DateField(null=True)
    renewal_date = models.DateField(null=True)
    left_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=63)
    former = models.BooleanField()
    is_merged = models.BooleanField()


class Stay(models.Model):
    """An account was in a phase on the days with since ≤ day < until (null: still); see `formulas.pathing.Stay`.

    `after` is the phase after it. `came` says whether it came to its end by another phase; null where its beginning or end is
    only reckoned by days, so that the time it took tells nothing.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    phase = models.CharField(max_length=63)
    since = models.DateField()
    until = models.DateField(null=True)
    is_dated = models.BooleanField()
    after = models.CharField(max_length=63)
    came = models.BooleanField(null=True)


class StayExtent(models.Model):
    """What the stays cover: one row, written with them."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    as_of = models.DateField()
    definition = models.JSONField()
