"""Decisions that hold for the whole company."""

from typing import Any

from keepwell.access import models


def get(key: str, default: Any = None) -> Any:
    """The value set for a key, or the default."""
    found = models.CompanySetting.objects.filter(key=key).values_list("value", flat=True).first()
    return default if found is None else found
