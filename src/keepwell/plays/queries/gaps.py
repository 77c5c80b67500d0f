"""The one list of product gaps for the PM: what stands behind each, ranked by money and pain; and who is to be told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.money import Money, totals
from keepwell.ledger.models import GapRequest, ProductGap
from keepwell.ledger.queries import accounts, records
from keepwell.plays import models, triage
from keepwell.plays.formulas import gaps as ranking
from keepwell.plays.formulas.gaps import Demand, Rank

STATES = ("open", "planned", "shipped", "declined", "all")


@dataclass(frozen=True)
class GapView:
    """A gap with what was merged into it; `unstated` of its accounts state no ARR, `untold` wait to hear that it is shipped."""

    key: str
    title: str
    description: str
    status: str
    shipped_at: datetime | None
    rank: Rank
    arr: Money | None
    accounts: int
    unstated: int
    requests: int
    tickets: int
    people: int
    severity: str
    first_at: datetime | None
    untold: int
    merged: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RequestView:
    """Who asked for a gap; `told` is how they heard: "", letter, queued, failed, no_address, by_hand."""

    key: str
    gap: str
    account_key: str
    account_name: str
    arr: Money | None
    person: str
    email: str
    asked_at: datetime
    note: str
    told_at: datetime | None
    told: str


@dataclass
class _Behind:
    """What is found of a gap while its requests are gone through."""

    requests: list[GapRequest]
    severities: list[str]
    tickets: int = 0


def ranked(*, seen_by: Scope, at: datetime, state: str = "all", search: str = "") -> tuple[GapView, ...]:
    """Gaps that are not merged into another, by rank; of the accounts that may be seen. Three queries."""
    if state not in STATES:
        raise errors.Invalid(
            '"%(state)s" is not known. Use one of %(listed)s.', state=state, listed=", ".join(STATES)
        )
    rows = {row.pk: row for row in records.visible(ProductGap, seen_by=seen_by)}
    behind = _behind(rows, seen_by)
    wanted = {
        pk: one
        for pk, one in behind.items()
        if (state == "all" or rows[pk].status == state) and search.lower() in rows[pk].title.lower()
    }
    # Ranked among all that are not done with, whatever is asked for: a filter changes no rank.
    live = [
        _demand(rows[pk], one, at) for pk, one in behind.items() if rows[pk].status in ("open", "planned")
    ]
    rest = [
        _demand(rows[pk], one, at) for pk, one in wanted.items() if rows[pk].status not in ("open", "planned")
    ]
    ranks = {**ranking.ranked(rest), **ranking.ranked(live)}
    merged = _merged(rows)
    found = [_view(rows[pk], one, ranks[rows[pk].key], merged.get(pk, ())) for pk, one in wanted.items()]
    order = {"open": 0, "planned": 0, "shipped": 1, "declined": 2}
    return tuple(sorted(found, key=lambda gap: (order[gap.status], -gap.rank.points, gap.title)))


def find(*, key: str, seen_by: Scope, at: datetime) -> GapView:
    """One of the list. Three queries."""
    for gap in ranked(seen_by=seen_by, at=at):
        if gap.key == key:
            return gap
    raise errors.NotFound('There is no product gap "%(gap)s".', gap=key)


def requests(*, key: str, seen_by: Scope) -> tuple[RequestView, ...]:
    """Who asked for a gap or for one merged into it, the first first. Three queries."""
    rows = {row.pk: row for row in records.visible(ProductGap, seen_by=seen_by)}
    family = [pk for pk in rows if rows[root_of(pk, rows)].key == key]
    seen = records.visible(GapRequest, seen_by=seen_by).filter(gap__in=family)
    asked = list(seen.select_related("account", "person", "gap").order_by("asked_at", "pk"))
    told = models.GapTelling.objects.filter(request__in=asked).select_related("message")
    by_request = {row.request_id: row for row in told}
    return tuple(_request(row, by_request.get(row.pk)) for row in asked)


def choices(*, seen_by: Scope) -> tuple[tuple[str, str], ...]:
    """(key, title) of gaps that a ticket can be merged into, by title. One query."""
    rows = records.visible(ProductGap, seen_by=seen_by).filter(
        merged_into=None, status__in=("open", "planned")
    )
    return tuple(rows.order_by("title", "key").values_list("key", "title")[:500])


def root_of(pk: int, rows: Mapping[int, ProductGap]) -> int:
    """The gap that one was merged into in the end; a circle ends where it closes."""
    met = {pk}
    while (above := rows[pk].merged_into_id) is not None and above not in met and above in rows:
        pk = above
        met.add(pk)
    return pk


def _behind(rows: Mapping[int, ProductGap], seen_by: Scope) -> dict[int, _Behind]:
    found = {pk: _Behind([], []) for pk, row in rows.items() if row.merged_into_id is None}
    grave = _severities()
    asked = records.visible(GapRequest, seen_by=seen_by).select_related("account")
    for request in asked:
        one = found.setdefault(root_of(request.gap_id, rows), _Behind([], []))
        one.requests.append(request)
        if request.key in grave:
            one.tickets += 1
            one.severities.append(grave[request.key])
    return found


def _severities() -> dict[str, str]:
    """The severity of the ticket that each request was, by the request's key."""
    rows = models.Triage.objects.filter(deed="gap", undone_at=None)
    return {f"triage-{pk}": severity for pk, severity in rows.values_list("pk", "ticket__severity")}


def _merged(rows: Mapping[int, ProductGap]) -> dict[int, tuple[tuple[str, str], ...]]:
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for pk, row in rows.items():
        if row.merged_into_id is not None:
            root = root_of(pk, rows)
            found[root] = (*found.get(root, ()), (row.key, row.title))
    return found


def _demand(gap: ProductGap, one: _Behind, at: datetime) -> Demand:
    money = _arr(one.requests)
    known = [grade for said in one.severities if (grade := triage.gravity(said)) is not None]
    first = min((request.asked_at for request in one.requests), default=None)
    return Demand(
        key=gap.key,
        arr=None if money is None else float(money.amount),
        tickets=one.tickets,
        people=_people(one.requests),
        severity=max(known, default=None),
        age_days=0 if first is None else max(0, (at - first).days),
    )


def _arr(asked: Sequence[GapRequest]) -> Money | None:
    """The ARR of the accounts that asked, in the reporting currency; None when none states one."""
    stated = [arr for each in _accounts(asked).values() if (arr := accounts.arr_reporting(each)) is not None]
    sums = totals(stated)
    return sums[0] if sums else None


def _accounts(asked: Collection[GapRequest]) -> dict[int, Any]:
    return {request.account_id: request.account for request in asked}


def _people(asked: Collection[GapRequest]) -> int:
    """People who are known by name; of an account whose people are not named one."""
    named = {request.person_id for request in asked if request.person_id}
    of_named = {request.account_id for request in asked if request.person_id}
    return len(named) + len({request.account_id for request in asked} - of_named)


def _view(gap: ProductGap, one: _Behind, rank: Rank, merged: tuple[tuple[str, str], ...]) -> GapView:
    asking = _accounts(one.requests)
    grave = max(one.severities, key=lambda said: triage.gravity(said) or 0, default="")
    return GapView(
        key=gap.key,
        title=gap.title,
        description=gap.description,
        status=gap.status,
        shipped_at=gap.shipped_at,
        rank=rank,
        arr=_arr(one.requests),
        accounts=len(asking),
        unstated=sum(accounts.arr_reporting(each) is None for each in asking.values()),
        requests=len(one.requests),
        tickets=one.tickets,
        people=_people(one.requests),
        severity=grave,
        first_at=min((request.asked_at for request in one.requests), default=None),
        untold=sum(request.told_at is None for request in one.requests) if gap.status == "shipped" else 0,
        merged=merged,
    )


def _request(row: Any, telling: models.GapTelling | None) -> RequestView:
    told = ""
    if telling is not None:
        told = telling.state if telling.message is None else telling.message.state
    return RequestView(
        key=row.key,
        gap=row.gap.key,
        account_key=row.account.key,
        account_name=row.account.name or row.account.key,
        arr=accounts.arr_reporting(row.account),
        person=(row.person.name or row.person.key) if row.person else "",
        email=row.person.email if row.person else "",
        asked_at=row.asked_at,
        note=row.note,
        told_at=row.told_at,
        told=told,
    )
