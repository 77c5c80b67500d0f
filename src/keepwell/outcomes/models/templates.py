"""Plans to begin from."""

from django.db import models


class PlanTemplate(models.Model):
    """A plan without a customer: days are counted from its beginning, owners are roles."""

    slug = models.CharField(max_length=63, unique=True)
    title = models.CharField(max_length=300)
    definition = models.JSONField()
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
