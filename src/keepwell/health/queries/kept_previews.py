"""Previews of whole books: how far each is, and what it found."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.queries.previews import Flow, Moved, Preview
from keepwell.kernel.errors import NotFound
from keepwell.kernel.money import Money


@dataclass(frozen=True)
class WholeView:
    """A preview of all customers: waiting, running (so many of so many are judged), done with what it `found`, or stopped."""

    preview_id: int
    state: str
    steps_done: int
    steps_total: int | None
    asked_at: datetime
    error: str
    found: Preview | None


def find(*, preview_id: int, seen_by: Scope) -> WholeView:
    """One preview. It speaks of the whole company, so only those see it who see all of it. One query."""
    row = models.CardPreview.objects.filter(pk=preview_id).first() if seen_by.everything else None
    if row is None:
        raise NotFound("There is no preview %(preview_id)s.", preview_id=preview_id)
    found = None if row.found is None else read(row.found)
    return WholeView(row.pk, row.state, row.steps_done, row.steps_total, row.asked_at, row.error, found)


def unfinished() -> tuple[int, ...]:
    """Previews that wait or were cut off. One query."""
    rows = models.CardPreview.objects.filter(state__in=("queued", "running"))
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def written(found: Preview) -> dict[str, Any]:
    """A preview as JSON."""
    said = asdict(found) | {"as_of": found.as_of.isoformat()}
    for row in (*said["flows"], *said["moved"]):
        if row["arr"] is not None:
            row["arr"] = [str(row["arr"]["amount"]), row["arr"]["currency"]]
    return said


def read(said: dict[str, Any]) -> Preview:
    """The same back from JSON."""
    flows = tuple(Flow(**row | {"arr": _money(row["arr"])}) for row in said["flows"])
    moved = tuple(Moved(**row | {"arr": _money(row["arr"])}) for row in said["moved"])
    more = {"as_of": date.fromisoformat(said["as_of"]), "flows": flows, "moved": moved}
    return Preview(**said | more)


def _money(said: list[str] | None) -> Money | None:
    return None if said is None else Money(Decimal(said[0]), said[1])
