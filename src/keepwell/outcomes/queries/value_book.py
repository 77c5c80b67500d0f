"""What the accounts of a book got for their money: value that is confirmed and only counted, cost, and what is missing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.health.queries import book
from keepwell.kernel import paging, speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, quarters
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries import value_sums
from keepwell.outcomes.queries.value_sums import Prices, Sum

AT_ONCE, QUARTERS = 500, 4
WALKED = ("", "none")  # states in which most accounts of a book are
STATES: Mapping[str, str] = {
    "confirmed": speech.later("Confirmed"),
    "counted": speech.later("Counted"),
    "modelled": speech.later("Modelled"),
    "none": speech.later("No model"),
}
# What an account lacks, from the ground up; the first is the next thing to do.
LACKS: Mapping[str, str] = {
    "plan": speech.later("no success plan"),
    "model": speech.later("no value model"),
    "count": speech.later("the last quarter is not counted"),
    "inputs": speech.later("an input is not known"),
    "confirmation": speech.later("nobody confirmed a value"),
    "no_contract": speech.later("no contract of a confirmed quarter"),
    "no_amount": speech.later("a contract without an amount"),
    "no_rate": speech.later("a rate is lacking"),
}


@dataclass(frozen=True)
class Counted:
    """A statement that stands, one a model and quarter."""

    account: int
    quarter: Quarter
    currency: str
    unit: str
    counts: Range | None
    is_confirmed: bool


@dataclass(frozen=True)
class ValueRow:
    """An account with what it got; `last` is the latest quarter that was counted whole, `missing` are slugs of `LACKS`."""

    key: str
    name: str
    owner: str
    arr: Money | None
    renewal_date: date | None
    state: str
    confirmed: Sum
    counted: Sum
    cost: Money | None
    ratio: Range | None
    last: Quarter | None
    missing: tuple[str, ...]


def page(
    *,
    seen_by: Scope,
    day: date,
    state: str = "",
    search: str = "",
    mine: int | None = None,
    offset: int = 0,
    limit: int = 100,
) -> tuple[ValueRow, ...]:
    """Accounts whose customer has not left, the largest ARR first. Ten queries at most, whatever the size of the book."""
    asked = quarters.last(day, QUARTERS)
    rows: Any = in_state(inside(seen_by=seen_by, mine=mine, search=search), state, asked)
    live = models.ValueModel.objects.filter(plan__account=OuterRef("pk"), **LIVE)
    told = rows.annotate(has_model=Exists(live), plan_pk=F("plan__pk"))
    part = slice(offset, offset + limit)
    ids = _largest(rows, part, walks=state in WALKED and not search)
    known_by_id = {row.pk: row for row in told.filter(pk__in=ids)}
    found = [known_by_id[pk] for pk in ids if pk in known_by_id]
    stand = _by_account(_standing(Q(model__plan__account__in=ids), asked))
    known = value_sums.prices(account_ids=ids, quarters=asked, today=day)
    last, owners = _last(ids), accounts.owners(set(ids))
    over = quarters.of(day).before
    return tuple(
        _row(
            row,
            stand.get(row.pk, ()),
            known,
            last.get(row.pk),
            next((one.name for one in owners.get(row.pk, ()) if one.role == "csm"), ""),
            over,
            day,
        )
        for row in found
    )


def _largest(rows: Any, part: slice, *, walks: bool) -> list[int]:
    """The ids of those rows in their order. Where most accounts fit, their lines are walked by ARR; where that ends, as the
    known does before the unknown, or where few fit, all that fit are sorted. Two queries at most.
    """
    known = rows.filter(line__former=False, line__arr__isnull=False).order_by("-line__arr", "pk")
    if walks and len(found := list(known.values_list("pk", flat=True)[part])) == part.stop - part.start:
        return found
    every = rows.order_by(F("arr_reporting").desc(nulls_last=True), "pk")
    return list(every.values_list("pk", flat=True)[part])


def each(
    *, seen_by: Scope, day: date, state: str = "", search: str = "", mine: int | None = None
) -> Iterator[ValueRow]:
    """All of them, in constant memory."""
    asked: dict[str, Any] = {"seen_by": seen_by, "day": day, "state": state, "search": search, "mine": mine}
    return paging.each(lambda offset: page(**asked, offset=offset, limit=AT_ONCE))


def tally(*, seen_by: Scope, day: date, mine: int | None = None) -> dict[str, int]:
    """How many accounts are in which state. Five queries, each from the side of what was counted."""
    asked, rows = quarters.last(day, QUARTERS), inside(seen_by=seen_by, mine=mine)
    counted = {state: in_state(rows, state, asked).count() for state in STATES if state != "none"}
    merged = accounts.visible(seen_by=seen_by, owner_id=mine).filter(former=False, merged_into__isnull=False)
    whole = book.count(seen_by=seen_by, owner_id=mine) - merged.count()
    return {**counted, "none": whole - sum(counted.values())}


LIVE: dict[str, Any] = {"dropped_at": None, "objective__dropped_at": None}


def inside(*, seen_by: Scope, mine: int | None = None, search: str = "") -> "QuerySet[Any]":
    """The accounts of a book whose customer has not left."""
    rows: QuerySet[Any] = accounts.visible(seen_by=seen_by, owner_id=mine).filter(
        former=False, merged_into=None
    )
    return rows.filter(Q(name__icontains=search) | Q(key__icontains=search)) if search else rows


def in_state(rows: "QuerySet[Any]", state: str, asked: Sequence[Quarter]) -> "QuerySet[Any]":
    """Those of the accounts that are in a state; all of them for ""."""
    if state and state not in STATES:
        raise Invalid('"%(said)s" is not known. Use one of %(listed)s.', said=state, listed=", ".join(STATES))
    statements = models.ValueStatement.objects.filter(since__in=[one.since for one in asked])
    sure = statements.filter(confirmation__isnull=False).values("model__plan__account")
    loose = statements.filter(likely__isnull=False, **{f"model__{name}": said for name, said in LIVE.items()})
    some = loose.values("model__plan__account")
    modelled = models.ValueModel.objects.filter(**LIVE).values("plan__account")
    if state == "confirmed":
        return rows.filter(pk__in=sure)
    if state == "counted":
        return rows.filter(pk__in=some).exclude(pk__in=sure)
    if state == "modelled":
        return rows.filter(pk__in=modelled).exclude(pk__in=some).exclude(pk__in=sure)
    if state == "none":
        return rows.exclude(pk__in=modelled).exclude(pk__in=sure)
    return rows


def standing(which: Q, asked: Sequence[Quarter]) -> "QuerySet[Any]":
    """The statements that stand, one a model and quarter: the latest that was confirmed, else the latest. Of a dropped model
    those that were confirmed.
    """
    live = Q(**{f"model__{name}": said for name, said in LIVE.items()})
    rows = models.ValueStatement.objects.filter(which, since__in=[one.since for one in asked])
    told = rows.filter(live | Q(confirmation__isnull=False)).order_by(
        "model", "since", F("confirmation__pk").asc(nulls_last=True), "-number"
    )
    return told.distinct("model", "since")


def _standing(which: Q, asked: Sequence[Quarter]) -> list[Counted]:
    """Read whole. One query."""
    rows = standing(which, asked).values_list(
        "model__plan__account", "since", "currency", "unit", "low", "likely", "high",
        "confirmation__pk", "confirmation__low", "confirmation__likely", "confirmation__high",
    )  # fmt: skip
    return [
        Counted(
            account, quarters.of(since), currency, unit, _range(*theirs) or _range(*ours), sure is not None
        )
        for account, since, currency, unit, *ours, sure, theirs in _paired(rows)
    ]


def _paired(rows: Any) -> Iterator[Any]:
    for row in rows:
        yield (*row[:8], row[8:])


def _range(low: float | None, likely: float | None, high: float | None) -> Range | None:
    return None if low is None or likely is None or high is None else Range(low, likely, high)


def _by_account(told: Sequence[Counted]) -> Mapping[int, Sequence[Counted]]:
    found: dict[int, list[Counted]] = {}
    for one in told:
        found.setdefault(one.account, []).append(one)
    return found


def _last(ids: Collection[int]) -> Mapping[int, Quarter]:
    """The latest quarter of each account that was counted whole."""
    rows = models.ValueStatement.objects.filter(
        model__plan__account__in=ids, until__gte=F("since") + timedelta(days=88)
    )
    told = rows.order_by().values("model__plan__account").annotate(latest=Max("since"))
    return {one["model__plan__account"]: quarters.of(one["latest"]) for one in told}


def _row(
    row: Any,
    told: Sequence[Counted],
    known: Prices,
    last: Quarter | None,
    owner: str,
    over: Quarter,
    day: date,
) -> ValueRow:
    totals = value_sums.totals(account_id=row.pk, statements=told, known=known, today=day)
    if totals.confirmed.count:
        state = "confirmed"
    elif totals.counted.count:
        state = "counted"
    else:
        state = "modelled" if row.has_model else "none"
    lacks = {
        "plan": row.plan_pk is None,
        "model": row.plan_pk is not None and not row.has_model,
        "count": row.has_model and (last is None or last < over),
        "inputs": totals.unknown > 0,
        "confirmation": bool(totals.counted.count) and not totals.confirmed.count,
        totals.lacks: bool(totals.lacks),
    }
    return ValueRow(
        key=row.key,
        name=row.name or row.key,
        owner=owner,
        arr=accounts.arr_reporting(row),
        renewal_date=row.renewal_date,
        state=state,
        confirmed=totals.confirmed,
        counted=totals.counted,
        cost=totals.cost,
        ratio=totals.ratio,
        last=last,
        missing=tuple(slug for slug in LACKS if lacks.get(slug)),
    )
