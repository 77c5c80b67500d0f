"""Accounts of a book whose next business review is due and not planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.outcomes.queries import review_proposals

AHEAD = timedelta(days=30)
AT_ONCE = 500


@dataclass(frozen=True)
class DueRow:
    """An account, by when its next review is due, by which rule ("": a quarter after the last), and the last one."""

    key: str
    name: str
    arr: Money | None
    due: date
    rule: str
    last: date | None
    owner: str


def due(*, seen_by: Scope, now: datetime, mine: int | None = None, search: str = "") -> Sequence[DueRow]:
    """Those due within thirty days or overdue, the longest due first. Some ten queries for each 500 accounts."""
    rows = accounts.visible(seen_by=seen_by, owner_id=mine).filter(former=False, merged_into=None)
    if search:
        rows = rows.filter(name__icontains=search) | rows.filter(key__icontains=search)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    until, found = now.date() + AHEAD, list[tuple[review_proposals.Due, int]]()
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        planned = review_proposals.planned(account_ids=some, now=now)
        left = [pk for pk in some if pk not in planned]
        told = review_proposals.due(account_ids=left, day=now.date())
        found += [(one, pk) for pk, one in told.items() if one.day is not None and one.day <= until]
    listed = {row.pk: row for row in rows.filter(pk__in=[pk for _, pk in found])}
    owners = accounts.owners(set(listed))
    told_rows = [
        DueRow(
            key=listed[pk].key,
            name=listed[pk].name or listed[pk].key,
            arr=accounts.arr_reporting(listed[pk]),
            due=one.day,
            rule=one.rule,
            last=one.last,
            owner=next((o.name for o in owners.get(pk, ()) if o.role == "csm"), ""),
        )
        for one, pk in found
        if one.day is not None and pk in listed
    ]
    return sorted(told_rows, key=lambda row: (row.due, row.name))
