"""Deeds on what customers read of a product gap: written down, so that who asked reads it; taken away, so that nobody does."""

from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.models import ProductGap
from keepwell.ledger.queries import records
from keepwell.outcomes import models

LONGEST = 300


def write(*, gap: str, words: str, by: Scope, at: datetime) -> str:
    """Say what customers who asked read of a gap from now on; gives the words before, empty where it was ours alone."""
    by.require("work.do")
    said = " ".join(words.split())
    if not 1 <= len(said) <= LONGEST:
        raise Invalid("Write what customers read, in 1 to %(most)s characters.", most=LONGEST)
    with transaction.atomic():
        row = _gap(gap, by)
        before = models.GapWording.objects.filter(gap=row).values_list("words", flat=True).first() or ""
        models.GapWording.objects.update_or_create(
            gap=row, defaults={"words": said, "written_by_id": by.user_id, "written_at": at}
        )
        audit.record(by=by, at=at, deed="gap.word", subject=f"gap:{row.key}", words=said)
    return before


def drop(*, gap: str, by: Scope, at: datetime) -> str:
    """Keep a gap for us alone; gives the words that customers read."""
    by.require("work.do")
    with transaction.atomic():
        row = _gap(gap, by)
        found = models.GapWording.objects.filter(gap=row).first()
        if found is None:
            raise Conflict("Customers do not read of this gap.")
        words = found.words
        found.delete()
        audit.record(by=by, at=at, deed="gap.unword", subject=f"gap:{row.key}")
    return words


def _gap(key: str, by: Scope) -> ProductGap:
    found: ProductGap | None = records.visible(ProductGap, seen_by=by).filter(key=key).first()
    if found is None:
        raise NotFound('There is no product gap "%(gap)s".', gap=key)
    return found
