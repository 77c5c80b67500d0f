"""What every table of facts has in common."""

from typing import ClassVar

from django.db import models
from django.db.models import F


class KeyedFact(models.Model):
    """A row known to its source by `key`; `event_ids` are, by name, the ledger's events that say what the row says now.

    A table that `moves_with_account` goes along when its `account` is merged into another; rows of one that
    `goes_with_account` go when it is removed, where others hold it.
    """

    moves_with_account: ClassVar[bool] = True
    goes_with_account: ClassVar[bool] = False

    key = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=63, blank=True)
    revision = models.IntegerField(default=0)
    event_ids = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


def latest(field: str, *, name: str) -> models.Index:
    """The order in which lists of many rows show them: the newest by a day or moment first, those without one last."""
    return models.Index(F(field).desc(nulls_last=True), "key", name=name)
