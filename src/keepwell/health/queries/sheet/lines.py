"""What the narrow lines of accounts answer alone: totals, groups and orders of a list that only a band or an owner narrows.

Joining every account with what is known of it is what costs in a list of a hundred thousand. Here each question is one pass
over the lines, or a walk along an index.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Avg, CharField, Count, F, Max, Q, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.queries.sheet.joins import Rows
from keepwell.health.queries.sheet.question import Order, Question
from keepwell.ledger.queries import accounts
from keepwell.metrics.models import MetricValue
from keepwell.segments.queries.vocabulary import METRIC

# Columns of a list by the column of the line that has them.
ORDERS = {
    "health": "rank", "change": "change", "name": "name", "arr": "arr", "renewal": "renewal_date", "touch": "last_touch_at",
    "next": "next_at", "age": "heard_at",
}  # fmt: skip
GROUPS = {"band": "band", "owner": "owner", "industry": "industry", "country": "country", "tier": "tier"}
SUMS: Mapping[str, Any] = {
    "accounts": Count("pk"), "worth": Sum("arr"), "in_currency": Max("currency"), "points": Sum("rank"),
    "scored": Count("rank"), "unrated": Count("pk", filter=Q(is_unrated=True)),
}  # fmt: skip
ADDED = ("accounts", "worth", "points", "scored", "unrated")
Sums = Mapping[str, Any]  # of some lines, by the names of SUMS


def _called(user: str) -> Coalesce:
    """A person's name, or address."""
    return Coalesce(NullIf(F(f"{user}name"), Value("")), F(f"{user}email"), output_field=CharField())


CALLED = _called("owner__")


@dataclass(frozen=True)
class Part:
    """The lines of a group: its value as it is told, the values of the column that mean it, and what they come to."""

    value: Any
    stands_for: tuple[Any, ...]
    row: Sums


@dataclass(frozen=True)
class Lines:
    """The lines of whom the asker may see, present or former."""

    asked: Question
    seen_by: Scope

    def all(self, *, band: bool = True) -> Rows:
        """Of all bands, or of the one that is asked."""
        here = {"band": self.asked.band} if band and self.asked.band else {}
        found: Rows = models.Line.objects.filter(former=self.asked.former, **here)
        if self._sees_all:
            return found
        visible = accounts.visible(seen_by=self.seen_by, owner_id=self.asked.owner_id)
        narrowed: Rows = found.filter(account__in=visible.values("pk"))
        return narrowed

    @property
    def _sees_all(self) -> bool:
        return self.seen_by.everything and self.asked.owner_id is None

    @property
    def is_enough(self) -> bool:
        """Whether nothing is asked that the lines do not know."""
        return not (self.asked.as_of or self.asked.search or self.asked.condition)

    @cached_property
    def totals(self) -> dict[str, Sums]:
        """By band, whatever band is asked. One query."""
        if self._sees_all:
            return self._told("", "band")
        rows = self.all(band=False).order_by().values("band").annotate(**SUMS)
        return {row["band"]: row for row in rows}

    def health(self) -> float | None:
        """The mean of everybody's."""
        sums = [row for band, row in self.totals.items() if self.asked.band in ("", band)]
        return mean(_together(sums)) if sums else None

    def _told(self, by: str, key: str) -> dict[Any, Sums]:
        """What is summed of everybody already, by a value, in its order. One query."""
        rows = models.Total.objects.filter(by=by, former=self.asked.former)
        if by and self.asked.band:
            rows = rows.filter(band=self.asked.band)
        summed = rows.values(key, "currency").annotate(
            **{f"all_{name}": Sum(name) for name in (*ADDED, "rated")}
        )
        found: dict[Any, list[Sums]] = {}
        for row in summed.filter(all_accounts__gt=0).order_by(F(key).asc(nulls_last=True)):
            sums = {name: row[f"all_{name}"] for name in ADDED} | {"in_currency": row["currency"]}
            found.setdefault(row[key], []).append(sums if row["all_rated"] else sums | {"worth": None})
        return {value: _together(sums) for value, sums in found.items()}

    def mean(self, metric: str, day: date) -> float | None:
        """Of a measure on a day."""
        found: float | None = self._values(metric, day).aggregate(mean=Avg("value"))["mean"]
        return found

    def _values(self, metric: str, day: date) -> Rows:
        """What is known of a measure; of everybody, the few who left are sought instead of the many who stayed."""
        found: Rows = MetricValue.objects.filter(metric=metric, as_of=day, value__isnull=False)
        if self._sees_all and not self.asked.band and not self.asked.former:
            left = models.Line.objects.filter(former=True)
            stayed: Rows = found.exclude(account__in=left.values("account"))
            return stayed
        among: Rows = found.filter(account__in=self.all().values("account"))
        return among

    def first(self, order: Order, day: date, offset: int, limit: int) -> dict[int, Any] | None:
        """Ids in one order, from a place on, by its index; None when it does not reach that far."""
        sign, part = "-" if order.descending else "", slice(offset, offset + limit)
        if order.column.startswith(METRIC):
            column, known = "value", self._values(order.column.removeprefix(METRIC), day)
        else:
            column = ORDERS[order.column]
            known = self.all().filter(**{f"{column}__isnull": False})  # an index has them last, or first
        found = known.order_by(f"{sign}{column}", f"{sign}account").values_list("account", flat=True)[part]
        return dict.fromkeys(found) if len(found) == limit else None

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every group in its order, each with its sums; what is not known comes last."""
        column = GROUPS[self.asked.group]
        if column == "owner":
            return tuple(_by_owner(self._grouped(column)))
        return tuple(Part(value, (value,), row) for value, row in self._grouped(column).items())

    def _grouped(self, column: str) -> dict[Any, Sums]:
        """The sums of each value of a column, in its order. One query."""
        if self._sees_all and column == "band":
            return {band: row for band, row in self.totals.items() if self.asked.band in ("", band)}
        if self._sees_all:
            told = self._told(column, "value")
            return {_key(value): row for value, row in told.items()} if column == "owner" else told
        rows = self.all().order_by().values(column).annotate(**SUMS)
        return {row[column]: row for row in rows.order_by(F(column).asc(nulls_last=True))}

    def within(self, offset: int, limit: int) -> dict[int, Any]:
        """Ids of the rows from a place on, each with its group; only the groups that lie there are looked at."""
        column, held, before, met = GROUPS[self.asked.group], Q(pk=None), 0, 0
        for part in self.parts:
            size = part.row["accounts"]
            if met + size <= offset:
                before += size
            elif met < offset + limit:
                known = [value for value in part.stands_for if value is not None]
                held |= Q(**{f"{column}__in": known}) if known else Q(**{f"{column}__isnull": True})
            met += size
        group = CALLED if column == "owner" else F(column)
        by = [each for order in self.asked.order for each in _sorted(order)]
        last = F("account").desc() if self.asked.order[0].descending else F("account").asc()
        rows = self.all().filter(held).annotate(of=group).order_by(F("of").asc(nulls_last=True), *by, last)
        return dict(rows.values_list("pk", "of")[offset - before : offset - before + limit])


def can_group(asked: Question) -> bool:
    """Whether the lines have the group and every order."""
    return asked.group in GROUPS and all(order.column in ORDERS for order in asked.order)


def can_order(asked: Question) -> bool:
    """Whether one index has the order."""
    first, *more = asked.order
    return not (asked.group or more) and (first.column in ORDERS or first.column.startswith(METRIC))


def _sorted(order: Order) -> Iterator[Any]:
    """What is not known comes last; an ARR in a currency without a rate comes before none at all."""
    column = F(ORDERS[order.column])
    yield column.desc(nulls_last=True) if order.descending else column.asc(nulls_last=True)
    if order.column == "arr":
        yield F("is_unrated").desc()


def _by_owner(rows: Mapping[int | None, Mapping[str, Any]]) -> Iterator[Part]:
    """Owners by what they are called, two of one name together. One query."""
    named = User.objects.filter(pk__in=[pk for pk in rows if pk is not None])
    said = named.annotate(said=_called("")).order_by("said", "pk")
    called: dict[str, list[int]] = {}
    for pk, name in said.values_list("pk", "said"):
        called.setdefault(name, []).append(pk)
    for name, ids in called.items():
        yield Part(name, tuple(ids), _together([rows[pk] for pk in ids]))
    if None in rows:
        yield Part(None, (None,), rows[None])


def _key(value: str | None) -> int | None:
    return None if value is None else int(value)


def mean(sums: Sums) -> float | None:
    """Of the health of those that were scored."""
    return float(sums["points"]) / sums["scored"] if sums["scored"] else None


def _together(rows: Sequence[Sums]) -> Sums:
    sums = {
        name: sum(known) if (known := [row[name] for row in rows if row[name] is not None]) else None
        for name in ADDED
    }
    return sums | {
        "in_currency": max((row["in_currency"] for row in rows if row["in_currency"]), default=None)
    }
