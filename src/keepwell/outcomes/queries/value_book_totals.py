"""What a whole book got for its money, summed by the database: by currency, and in the reporting currency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money
from keepwell.ledger import models as ledger
from keepwell.outcomes import models, quarters
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries import value_book, value_sums
from keepwell.outcomes.queries.value_sums import YEAR_DAYS, Prices


@dataclass(frozen=True)
class BookTotals:
    """Confirmed and only counted values of a book, apart; `unknown` are those that could not be counted.

    `cost` is what those of the `pairs` (an account and a quarter of which value is confirmed) cost whose price is known
    (`priced` of them), `ratio` how many times that the value is which was confirmed in these; None where a rate is lacking.
    """

    quarters: tuple[Quarter, ...]
    confirmed: value_sums.Sum
    counted: value_sums.Sum
    unknown: int
    pairs: int
    priced: int
    cost: Money | None
    ratio: Range | None


@dataclass(frozen=True)
class _Group:
    """Statements of a quarter, currency and state, summed."""

    quarter: Quarter
    currency: str
    unit: str
    counts: Range | None
    is_confirmed: bool
    is_priced: bool
    count: int
    unknown: int


def of_book(*, seen_by: Scope, day: date, mine: int | None = None) -> BookTotals:
    """The totals over the last four quarters. Fifteen queries, whatever the size of the book."""
    asked = quarters.last(day, value_book.QUARTERS)
    inside = value_book.inside(seen_by=seen_by, mine=mine).values("pk")
    known = value_sums.prices(account_ids=(), quarters=asked, today=day)
    groups = _groups(inside, asked)
    sure = [one for one in groups if one.is_confirmed]
    paid, pairs, priced = _paid(inside, asked)
    cost = _cost(paid, known, day)
    worth = _sum([one for one in sure if one.is_priced and one.currency], known, day).whole
    ratio = None if cost is None or worth is None else ranges.over(worth, float(cost.amount))
    return BookTotals(
        quarters=asked,
        confirmed=_sum(sure, known, day),
        counted=_sum([one for one in groups if not one.is_confirmed], known, day),
        unknown=sum(one.unknown for one in groups),
        pairs=pairs,
        priced=priced,
        cost=cost,
        ratio=ratio,
    )


def _sum(groups: Sequence[_Group], known: Prices, day: date) -> value_sums.Sum:
    told = [one for one in groups if one.counts is not None]
    return replace(value_sums.total(told, known, day), count=sum(one.count for one in told))


def _groups(inside: Any, asked: Sequence[Quarter]) -> list[_Group]:
    """One query."""
    stand = value_book.standing(Q(model__plan__account__in=inside), asked).values("pk")
    ends = Case(*(When(since=one.since, then=Cast(Value(one.until), DateField())) for one in asked))
    rows: Any = models.ValueStatement.objects.filter(pk__in=stand).annotate(quarter_end=ends)
    running = _running(OuterRef("since"), OuterRef("quarter_end")).filter(
        account=OuterRef("model__plan__account")
    )
    sums = {name: Sum(Coalesce(f"confirmation__{name}", name)) for name in ("low", "likely", "high")}
    told = (
        rows.annotate(
            sure=Case(When(confirmation__isnull=False, then=Value(True)), default=Value(False)),
            priced=Case(
                When(Exists(running.filter(arr=None)), then=Value(False)),
                When(Exists(running), then=Value(True)),
                default=Value(False),
            ),
            known_likely=Coalesce("confirmation__likely", "likely"),
        )
        .order_by()
        .values("since", "currency", "unit", "sure", "priced")
        .annotate(
            **{f"sum_{name}": one for name, one in sums.items()},
            known=Count("known_likely"),
            whole=Count("pk"),
        )
    )
    return [
        _Group(
            quarters.of(one["since"]), one["currency"], one["unit"],
            None if one["sum_low"] is None else Range(one["sum_low"], one["sum_likely"], one["sum_high"]),
            one["sure"], one["priced"], one["known"], one["whole"] - one["known"],
        )
        for one in told
    ]  # fmt: skip


def _running(since: Any, until: Any) -> "QuerySet[ledger.Contract]":
    """Contracts that ran on a day of a quarter; their end is the first day without them."""
    rows = ledger.Contract.objects.filter(start_date__lte=until)
    return rows.filter(Q(end_date=None) | Q(end_date__gt=since))


def _paid(inside: Any, asked: Sequence[Quarter]) -> tuple[list[tuple[Quarter, Money]], int, int]:
    """What confirmed quarters cost by currency, how many such pairs of account and quarter there are, and of how many the
    price is known. Three queries a quarter.
    """
    paid: list[tuple[Quarter, Money]] = []
    pairs = priced = 0
    for one in asked:
        sure = models.ValueStatement.objects.filter(
            model__plan__account__in=inside, since=one.since, confirmation__isnull=False
        ).exclude(currency="")
        told = sure.order_by().values("model__plan__account").distinct()
        pairs += told.count()
        running = _running(one.since, one.until)
        silent = running.filter(arr=None).values("account")
        whole = running.filter(account__in=told).exclude(account__in=silent)
        priced += whole.aggregate(n=Count("account", distinct=True))["n"]
        sums = whole.order_by().values("currency").annotate(days_paid=Sum(F("arr") * _days(one)))
        paid += [(one, Money(round(each["days_paid"] / YEAR_DAYS, 2), each["currency"])) for each in sums]
    return paid, pairs, priced


def _days(one: Quarter) -> Func:
    """On how many days of a quarter a contract ran."""
    after = Value(one.until + timedelta(days=1))
    return Func(
        Least(Coalesce("end_date", after), after), Greatest("start_date", Value(one.since)),
        template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField(),
    )  # fmt: skip


def _cost(paid: Iterable[tuple[Quarter, Money]], known: Prices, day: date) -> Money | None:
    whole, some = Decimal(0), False
    for quarter, money in paid:
        rates = known.at.get(min(quarter.until, day))
        part = None if rates is None else rates.total([money])
        if part is None:
            return None
        whole, some = whole + part.amount, True
    return Money(whole, known.into) if some else None
