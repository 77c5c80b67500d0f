"""Keep what a person did by hand, so that it can be taken back; forget what was, or what is a month old."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from keepwell.faces.web.models import TakenAway

KEPT = timedelta(days=30)
TOLD_LENGTH = 500


def keep(*, user_id: int, what: str, said: Any, told: str, at: datetime) -> UUID:
    """Note it; gives its mark."""
    row = TakenAway(id=uuid4(), user_id=user_id, what=what, said=said, told=told[:TOLD_LENGTH], at=at)
    row.save(force_insert=True)
    return row.id


def forget(*, mark: UUID) -> None:
    """It is back."""
    TakenAway.objects.filter(pk=mark).delete()


def forget_old(*, at: datetime) -> None:
    """What nobody took back in a month."""
    TakenAway.objects.filter(at__lt=at - KEPT).delete()
