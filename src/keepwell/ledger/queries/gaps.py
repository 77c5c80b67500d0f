"""Reads of product gaps: who asked for each, and how much ARR stands behind it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money, totals
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class Demand:
    """How many visible accounts asked for a gap, or for one merged into it, and their ARR by currency.

    `unstated` of the accounts state no ARR: they are in no sum.
    """

    gap: str
    title: str
    status: str
    accounts: int
    requests: int
    arr: tuple[Money, ...]
    unstated: int
    untold: int


def demand(*, seen_by: Scope, keys: Collection[str] | None = None) -> tuple[Demand, ...]:
    """The demand behind each gap that is not merged into another, most accounts first. Three queries."""
    if not (seen_by.everything or seen_by.owner_ids):
        return ()
    gaps = {gap.pk: gap for gap in models.ProductGap.objects.all()}
    asked: dict[int, list[models.GapRequest]] = {
        pk: [] for pk, gap in gaps.items() if gap.merged_into_id is None
    }
    seen = accounts.visible(seen_by=seen_by)
    for request in models.GapRequest.objects.filter(account__in=seen).select_related("account"):
        asked.setdefault(_root(request.gap_id, gaps), []).append(request)
    found = [
        _demand(gaps[pk], requests) for pk, requests in asked.items() if keys is None or gaps[pk].key in keys
    ]
    return tuple(sorted(found, key=lambda each: (-each.accounts, each.gap)))


def _root(pk: int, gaps: Mapping[int, models.ProductGap]) -> int:
    """The gap that one was merged into in the end; a circle ends where it closes."""
    met = {pk}
    while (above := gaps[pk].merged_into_id) is not None and above not in met:
        pk = above
        met.add(pk)
    return pk


def _demand(gap: models.ProductGap, requests: list[models.GapRequest]) -> Demand:
    asking = {request.account_id: request.account for request in requests}
    stated = [arr for account in asking.values() if (arr := accounts.arr_of(account)) is not None]
    shipped = gap.status == "shipped"
    return Demand(
        gap=gap.key,
        title=gap.title,
        status=gap.status,
        accounts=len(asking),
        requests=len(requests),
        arr=totals(stated),
        unstated=len(asking) - len(stated),
        untold=sum(request.told_at is None for request in requests) if shipped else 0,
    )
