"""What a customer may read of what they asked for: made of what `visibility.shared` lets through and of nothing else."""

from dataclasses import dataclass
from datetime import date

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import end_of
from keepwell.ledger.models import GapRequest, ProductGap
from keepwell.ledger.queries import records
from keepwell.outcomes import models, visibility
from keepwell.plays.queries import gaps

ORDER = ("shipped", "planned", "open", "declined")


@dataclass(frozen=True)
class SharedGap:
    """Something that they asked for, in the words that are meant for customers, and what becomes of it."""

    words: str
    status: str
    asked_on: date
    shipped_on: date | None


def wording(*, gap: str, seen_by: Scope) -> str:
    """What customers read of a gap; empty where it is ours alone. One query."""
    rows = models.GapWording.objects.filter(
        gap__in=records.visible(ProductGap, seen_by=seen_by), gap__key=gap
    )
    return rows.values_list("words", flat=True).first() or ""


def of_account(*, account: str, seen_by: Scope, until: date) -> tuple[SharedGap, ...]:
    """What an account asked for by the end of a day, each once; what is there already first. Three queries, one for nothing.

    A request for a gap that was merged into another counts for that other.
    """
    asked = records.visible(GapRequest, seen_by=seen_by).filter(
        account__key=account, asked_at__lt=end_of(until)
    )
    first: dict[int, date] = {}
    for gap, at in asked.order_by("asked_at", "pk").values_list("gap", "asked_at"):
        first.setdefault(gap, at.date())
    rows = _family(set(first))
    roots: dict[int, date] = {}
    for gap, day in first.items():
        root = gaps.root_of(gap, rows)
        roots[root] = min(day, roots.get(root, day))
    written = models.GapWording.objects.filter(gap__in=roots) if roots else ()
    words = {row.gap_id: row.words for row in written}
    told = [_shared(rows[pk], words[pk], day) for pk, day in roots.items() if pk in words]
    return tuple(sorted((one for one in told if one), key=lambda one: (ORDER.index(one.status), one.words)))


def _family(wanted: set[int]) -> dict[int, ProductGap]:
    """Gaps with those that they were merged into."""
    rows: dict[int, ProductGap] = {}
    while wanted:
        rows |= {row.pk: row for row in ProductGap.objects.filter(pk__in=wanted)}
        wanted = {row.merged_into_id for row in rows.values() if row.merged_into_id is not None} - rows.keys()
    return rows


def _shared(gap: ProductGap, words: str, asked_on: date) -> SharedGap | None:
    said = visibility.shared(
        "gap",
        {},
        {
            "words": words, "status": gap.status if gap.status in ORDER else "open", "asked_on": asked_on,
            "shipped_on": gap.shipped_at.date() if gap.shipped_at else None, "title": gap.title,
            "description": gap.description,
        },
    )  # fmt: skip
    if said is None:
        return None
    return SharedGap(said["words"], said["status"], said["asked_on"], said["shipped_on"])
