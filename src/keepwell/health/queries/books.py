"""The books of people side by side: from the stored sums of the portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from keepwell.access.models import User
from keepwell.health import models
from keepwell.health.formulas import portfolio
from keepwell.health.queries.portfolio import Whose, Worth, compared


@dataclass(frozen=True)
class OwnerView:
    """One person's accounts, beside the others'."""

    user_id: int
    name: str
    present: Worth
    at_risk: Worth
    fell: int
    rose: int
    kept: int
    late: int


def owners(of: Whose, *, weeks: int) -> tuple[OwnerView, ...]:
    """Each person whose accounts are among those asked for, the largest book first. Three queries."""
    as_of = models.PathExtent.objects.values_list("as_of", flat=True).first()
    if as_of is None or of.segment:
        return ()
    began = portfolio.days(as_of)[portfolio.place(as_of, compared(weeks))]
    sums: dict[int, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u, facet, a, b, sum(accounts)::bigint, sum(unpriced)::bigint, sum(cents)::bigint "
            "FROM health_tally, unnest(owners) AS u WHERE (facet = 'band' AND day = %s OR facet = 'move' AND day = %s "
            "OR facet = 'cadence') AND u <> 0 AND (%s OR u = ANY(%s)) GROUP BY u, facet, a, b",
            [as_of, began, of.owner_ids is None, sorted(of.owner_ids or ())],
        )
        for user, *told in cursor.fetchall():
            sums.setdefault(user, []).append(tuple(told))
    people = {row.pk: str(row) for row in User.objects.filter(pk__in=sums)}
    found = [_owner(pk, people[pk], told) for pk, told in sums.items() if pk in people]
    return tuple(sorted(found, key=lambda one: (-one.present.cents, one.name)))


def _owner(user_id: int, name: str, told: Sequence[tuple[Any, ...]]) -> OwnerView:
    order = {letter: rank for rank, letter in enumerate("ryg")}
    present = at_risk = Worth()
    fell = rose = 0
    cadence = dict.fromkeys(("kept", "late", "unknown"), 0)
    for facet, a, b, accounts, unpriced, cents in told:
        if facet == "band":
            present += Worth(accounts, cents, unpriced)
            at_risk += Worth(accounts, cents, unpriced) if a == portfolio.LETTERS["red"] else Worth()
        elif facet == "cadence":
            cadence[a] += accounts
        elif a in order and b in order and a != b:
            fell, rose = (fell + accounts, rose) if order[b] < order[a] else (fell, rose + accounts)
    return OwnerView(user_id, name, present, at_risk, fell, rose, cadence["kept"], cadence["late"])
