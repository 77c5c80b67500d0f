"""Runs of decks as whoever asked for them sees them; nobody else does."""

from dataclasses import dataclass
from datetime import date, datetime

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.outcomes import models


@dataclass(frozen=True)
class DeckRunView:
    """How far a run is, and what became of it."""

    id: int
    whose: str
    since: date
    until: date
    form: str
    state: str
    done: int
    total: int
    refused: tuple[tuple[str, str], ...]
    place: str
    size: int | None
    error: str
    asked_at: datetime
    finished_at: datetime | None

    @property
    def is_moving(self) -> bool:
        """Whether it is not over."""
        return self.state in ("queued", "running")


def find(*, run_id: int, seen_by: Scope) -> DeckRunView:
    """One run. One query."""
    row = models.DeckRun.objects.filter(pk=run_id, asked_by=seen_by.user_id).first()
    if row is None:
        raise NotFound("There is no run of decks %(number)s.", number=run_id)
    return _view(row)


def lately(*, seen_by: Scope, limit: int = 10) -> tuple[DeckRunView, ...]:
    """The latest ones. One query."""
    rows = models.DeckRun.objects.filter(asked_by=seen_by.user_id).order_by("-pk")
    return tuple(map(_view, rows[:limit]))


def unfinished() -> tuple[int, ...]:
    """Runs that wait or were cut off. One query."""
    rows = models.DeckRun.objects.filter(state__in=("queued", "running")).order_by("asked_at")
    return tuple(rows.values_list("pk", flat=True))


def places() -> frozenset[str]:
    """The names of all files that a run has. One query."""
    return frozenset(models.DeckRun.objects.exclude(place="").values_list("place", flat=True))


def _view(row: models.DeckRun) -> DeckRunView:
    return DeckRunView(
        row.pk, row.whose, row.since, row.until, row.form, row.state, row.steps_done, len(row.keys),
        tuple((key, why) for key, why in row.refused), row.place, row.size, row.error, row.asked_at, row.finished_at,
    )  # fmt: skip
