"""Reads of who said that history was known when it happened, and of how much rests on it."""

from dataclasses import dataclass
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.ledger.queries import vouched


@dataclass(frozen=True)
class VouchingView:
    """Who said so, or took it back, of what, and when."""

    source: str
    batch_id: int | None
    file_name: str
    vouches: bool
    by: str
    at: datetime
    note: str


@dataclass(frozen=True)
class ShareView:
    """How many of a source's events count as known before they came."""

    source: str
    events: int
    vouched: int

    @property
    def percent(self) -> float:
        """The share of events that rest on somebody's word."""
        return 100 * self.vouched / self.events if self.events else 0.0


def said(
    *, seen_by: Scope, source: str = "", batch_id: int | None = None, limit: int = 50
) -> tuple[VouchingView, ...]:
    """Who vouched, the latest first; none for those who may not import. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.Vouching.objects.select_related("source", "batch", "by").order_by("-at", "-pk")
    if source:
        rows = rows.filter(source__slug=source)
    if batch_id is not None:
        rows = rows.filter(batch=batch_id)
    return tuple(
        VouchingView(
            row.source.slug, row.batch_id, row.batch.file_name if row.batch else "", row.vouches,
            str(row.by or row.through), row.at, row.note,
        )
        for row in rows[:limit]
    )  # fmt: skip


def shares(*, seen_by: Scope) -> tuple[ShareView, ...]:
    """How much of each source's history rests on vouching. Reads three columns of the lake once."""
    if not seen_by.may("data.import"):
        return ()
    return tuple(ShareView(*row) for row in vouched.shares())
