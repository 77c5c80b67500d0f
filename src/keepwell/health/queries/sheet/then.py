"""What the stored scores of a past day answer alone: how many stood in each band, and who came first by health or by name.

Nobody is joined: the scores of a day are read along one index, and who was no customer then is one pass over the contracts.
Where an override held, it counts instead of the score; those few are looked at one by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, Q

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.formulas.scales import POINTS
from keepwell.health.queries.sheet.joins import Rows
from keepwell.health.queries.sheet.question import HEALTH, Question
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts

NAME = "name"


class Held(NamedTuple):
    """An account whose override held at the end of the day."""

    account: int
    band: str
    rank: float | None


@dataclass(frozen=True)
class Then:
    """The scores of a past day of whom the asker may see and who were customers."""

    asked: Question
    seen_by: Scope
    day: date

    @property
    def is_enough(self) -> bool:
        """Whether nothing is asked that the scores do not know."""
        asked = self.asked
        return not (asked.search or asked.condition or asked.group or asked.owner_id)

    @property
    def can_order(self) -> bool:
        """Whether the scores, or beside them the names, have the order."""
        order = tuple(each.column for each in self.asked.order)
        return order == (HEALTH[0].column,) or (order == (NAME,) and not self.asked.band)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """One query."""
        ends = end_of(self.day)
        found = models.Override.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=ends),
            made_at__lt=ends,
            account__in=self._customers().values("account"),
        )
        rows = found.values_list("account", "band", "points")
        return tuple(
            Held(account, band, POINTS.get(band) if points is None else points)
            for account, band, points in rows
        )

    def _customers(self) -> Rows:
        found: Rows = models.Score.objects.filter(as_of=self.day).exclude(
            account__in=accounts.ended_on(self.day)
        )
        if self.seen_by.everything:
            return found
        seen: Rows = found.filter(account__in=accounts.visible(seen_by=self.seen_by).values("pk"))
        return seen

    def _scores(self) -> Rows:
        """Those that count for themselves."""
        rest: Rows = self._customers().exclude(account__in=[one.account for one in self.held])
        return rest

    def totals(self) -> dict[str, int]:
        """How many stood in each band, whatever band is asked. Two queries."""
        counted = (
            self._scores().order_by().values("band").annotate(accounts=Count("*"))
        )  # an id is not in the index
        found = {row["band"]: int(row["accounts"]) for row in counted}
        for one in self.held:
            found[one.band] = found.get(one.band, 0) + 1
        return found

    def first(self, offset: int, limit: int) -> dict[int, None] | None:
        """Ids by health, from a place on; None when the known do not reach that far: unknown comes last. Two queries."""
        (order,) = self.asked.order
        if order.column == NAME:
            return self._by_name(offset, limit, descending=order.descending)
        sign, way = ("-", -1) if order.descending else ("", 1)
        known = self._scores().filter(points__isnull=False)
        if self.asked.band:
            known = known.filter(band=self.asked.band)
        last = offset + limit
        rows = known.order_by(f"{sign}points", f"{sign}account").values_list("points", "account")[:last]
        beside = sorted(self._beside(), key=lambda one: (way * one[0], way * one[1]))
        both: Iterator[tuple[float, int]] = merge(rows, beside, key=lambda one: (way * one[0], way * one[1]))
        found = [account for _, account in islice(both, offset, last)]
        return dict.fromkeys(found) if len(found) == limit else None

    def _by_name(self, offset: int, limit: int, *, descending: bool) -> dict[int, None]:
        """The same by name. One query."""
        sign = "-" if descending else ""
        rows = self._customers().order_by(f"{sign}account__line__name", f"{sign}account")
        return dict.fromkeys(rows.values_list("account", flat=True)[offset : offset + limit])

    def _beside(self) -> Iterator[tuple[float, int]]:
        for one in self.held:
            if one.rank is not None and self.asked.band in ("", one.band):
                yield one.rank, one.account
