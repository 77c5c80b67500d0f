"""Custom fields that the company declared, with what they may hold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class FieldDefinition(models.Model):
    """A custom field of a kind of row (`noun`, a table's name): its type, and the words of a choice.

    `slug` is its name in a row's `fields` and in files. A retired one is not checked any more; its values stay.
    """

    noun = models.CharField(max_length=63)
    slug = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    choices = ArrayField(models.CharField(max_length=100), default=list)
    required = models.BooleanField(default=False)
    help = models.CharField(max_length=500, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "slug"], name="one_definition_a_field")]

    def __str__(self) -> str:
        return f"{self.noun}.{self.slug}"
