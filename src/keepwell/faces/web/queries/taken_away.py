"""What a person did lately and may take back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from keepwell.faces.web.models import TakenAway
from keepwell.kernel.errors import NotFound

MOST = 100


@dataclass(frozen=True)
class DeedView:
    """A deed: its mark, what it was in words, and when."""

    mark: UUID
    told: str
    at: datetime


def lately(*, user_id: int) -> tuple[DeedView, ...]:
    """The latest first. One query."""
    rows = TakenAway.objects.filter(user=user_id).order_by("-at", "pk")[:MOST]
    return tuple(DeedView(row.pk, row.told, row.at) for row in rows)


def find(*, mark: str, user_id: int) -> tuple[UUID, str, Any]:
    """One of them: its mark, what it is, and what takes it back."""
    try:
        row = TakenAway.objects.filter(pk=UUID(mark), user=user_id).first()
    except ValueError:
        row = None
    if row is None:
        raise NotFound("This can no longer be taken back here. Do it again by hand.")
    return row.pk, row.what, row.said
