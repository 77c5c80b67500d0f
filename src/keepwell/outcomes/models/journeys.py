"""What was declared of the journey of customers, and frictions that somebody wrote down."""

from django.db import models

from keepwell.access.models import User
from keepwell.ledger.models import Account


class JourneyDeclaration(models.Model):
    """What the company declared (`outcomes.journey` reads it), in force until `ended_at` (null: still)."""

    definition = models.JSONField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(ended_at=None), name="one_journey_in_force"
            )
        ]


class Friction(models.Model):
    """Something that went against a customer, as somebody of ours saw it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    on = models.DateField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["account", "on"], name="friction_of_account")]

    def __str__(self) -> str:
        return self.text


class FrictionSettlement(models.Model):
    """It is out of the way; taking this row away says that it is not."""

    friction = models.OneToOneField(
        Friction, models.CASCADE, related_name="+", related_query_name="settlement"
    )
    on = models.DateField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
