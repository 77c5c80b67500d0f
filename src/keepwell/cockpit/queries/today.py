"""One ranked list for each person, from everything that waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Literal, NamedTuple

from keepwell.access.scopes import Scope
from keepwell.cockpit import models
from keepwell.cockpit.formulas import ranking
from keepwell.cockpit.formulas.ranking import Factors
from keepwell.hooks import registry
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.kernel import errors, speech
from keepwell.ledger.queries import accounts
from keepwell.ledger.queries.offers import stake
from keepwell.plays.queries import offers as plays_offers
from keepwell.plays.queries import tasks

Group = Literal["clocks", "today", "week", "others"]
GROUPS: dict[Group, str] = {
    "clocks": speech.later("Clocks running"),
    "today": speech.later("Today"),
    "week": speech.later("This week"),
    "others": speech.later("Waiting on others"),
}
LIMIT = 15


class Days(NamedTuple):
    """The ends of a person's present day and of the week that begins with it."""

    today_ends: datetime
    week_ends: datetime


@dataclass(frozen=True)
class Row:
    """An offer with its place: `rank` counts from 1 over the whole list; `whom` is whose turn it is, or who gave it."""

    offer: Offer
    source: str
    group: Group
    factors: Factors
    rank: int = 0
    from_whom: str = ""
    with_whom: str = ""


@dataclass(frozen=True)
class Today:
    """Everything that waits, ranked; `mine` says whether it is of the asker's own accounts, or of all that they may see.

    `snoozed` is how many were put off, `cut` the sources that had more than are shown.
    """

    rows: tuple[Row, ...]
    meetings: tuple[Row, ...]
    mine: bool
    snoozed: int
    cut: tuple[str, ...]

    def of(self, group: Group) -> tuple[Row, ...]:
        """The rows of one group, in their order."""
        return tuple(row for row in self.rows if row.group == group)


@dataclass(frozen=True)
class _Acted:
    """What the asker did with what was offered."""

    handled: frozenset[str]
    snoozed: frozenset[str]
    given: Mapping[str, models.Delegation]


def today(*, seen_by: Scope, now: datetime, days: Days) -> Today:
    """What waits for a person now. A fixed number of queries whatever the size of the book: each source's, and six.

    Clocks come first, then what is due today, then this week; within a group by `ranking.worth`.
    """
    owns = seen_by.user_id is not None and accounts.owns_some(user_id=seen_by.user_id)
    asker = Asker(
        seen_by,
        seen_by.user_id,
        seen_by.user_id if owns else None,
        now,
        days.today_ends,
        days.week_ends,
        LIMIT,
    )
    acted = _acted(seen_by, now)
    offered = [(source, source.offers(asker)) for source in registry.waiting()]
    put_away = acted.handled | acted.snoozed
    got = {offer.key: (source, offer, by) for source, offer, by in _got(seen_by) if offer.key not in put_away}
    usual = _usual([offer for _, offers in offered for offer in offers])
    left = {
        offer.key: (source, offer)
        for source, offers in offered
        for offer in offers
        if offer.key not in put_away | acted.given.keys() | got.keys()
    }
    rows = [_row(source, offer, usual, asker) for source, offer in left.values()]
    burning = {row.offer.stake.account_id for row in rows if row.offer.deed == "answer" and row.offer.stake}
    rows = [row for row in rows if not _is_covered(row, burning)]
    rows += [_row(source, offer, usual, asker, from_whom=by) for source, offer, by in got.values()]
    rows += _others(acted, usual, asker)
    ranked = sorted(rows, key=_order)
    numbered = tuple(_numbered(row, rank) for rank, row in enumerate(ranked, 1))
    return Today(
        rows=numbered,
        meetings=_meetings(offered, usual, asker),
        mine=owns,
        snoozed=len(acted.snoozed),
        cut=tuple(source.title for source, offers in offered if len(offers) >= LIMIT),
    )


def find(*, item: str, seen_by: Scope, now: datetime, days: Days) -> Row:
    """One row of the list; what does not wait for the asker does not exist."""
    for row in today(seen_by=seen_by, now=now, days=days).rows:
        if row.offer.key == item:
            return row
    raise errors.NotFound("This is not on your list any more. Somebody was faster, or it no longer waits.")


def sources() -> dict[str, Source]:
    """Every source of Today, by slug."""
    return {source.slug: source for source in registry.waiting()}


def _acted(seen_by: Scope, now: datetime) -> _Acted:
    """Three queries."""
    user = seen_by.user_id
    handled = models.Handled.objects.filter(user=user).values_list("item", flat=True)
    snoozed = models.Snooze.objects.filter(user=user, until__gt=now).values_list("item", flat=True)
    given = models.Delegation.objects.filter(by=user, done_at=None).select_related("to", "account")
    return _Acted(frozenset(handled), frozenset(snoozed), {row.item: row for row in given})


def _got(seen_by: Scope) -> list[tuple[Source, Offer, str]]:
    """What colleagues gave the asker, of accounts that the asker may see. One query."""
    known = sources()
    rows = models.Delegation.objects.filter(to=seen_by.user_id, done_at=None).select_related("by", "account")
    seen = rows.filter(account=None) | rows.filter(account__in=accounts.visible(seen_by=seen_by))
    return [(known[row.source], _said(row), str(row.by)) for row in seen if row.source in known]


def _said(row: models.Delegation) -> Offer:
    return Offer(
        key=row.item,
        what=row.what,
        why=row.why,
        deed=row.deed,  # type: ignore[arg-type] # kept from an offer
        subject=row.subject,
        stake=stake(row.account) if row.account else None,
        due_at=row.due_at,
    )


def _others(acted: _Acted, usual: float, asker: Asker) -> list[Row]:
    """What the asker gave to colleagues, and tasks set for them. One query."""
    known = sources()
    rows = [
        _row(known[row.source], _said(row), usual, asker, with_whom=str(row.to))
        for row in acted.given.values()
        if row.source in known
    ]
    if asker.user_id is None:
        return rows
    given = tasks.set_for_others(
        user_id=asker.user_id, until=asker.week_ends, seen_by=asker.seen_by, limit=LIMIT
    )
    return rows + [
        _row(known["tasks"], plays_offers.task_offer(task), usual, asker, with_whom=task.assignee)
        for task in given
        if f"task:{task.id}" not in acted.handled | acted.snoozed
    ]


def _usual(offers: Sequence[Offer]) -> float:
    """The middle ARR of what is offered, for accounts whose own is not known; 1 when none is."""
    known = [float(offer.stake.arr) for offer in offers if offer.stake and offer.stake.arr is not None]
    return median(known) if known else 1.0


def _row(
    source: Source, offer: Offer, usual: float, asker: Asker, *, from_whom: str = "", with_whom: str = ""
) -> Row:
    arr = None if offer.stake is None or offer.stake.arr is None else max(0.0, float(offer.stake.arr))
    factors = ranking.worth(
        stake=0.0 if offer.stake is None else arr,
        usual=usual,
        share=source.share,
        hours=source.hours,
        due_at=offer.due_at,
        now=asker.now,
    )
    group: Group = "others" if with_whom else _group(offer, asker)
    return Row(offer, source.slug, group, factors, from_whom=from_whom, with_whom=with_whom)


def _group(offer: Offer, asker: Asker) -> Group:
    if offer.is_clock:
        return "clocks"
    due_today = offer.due_at is not None and offer.due_at < asker.today_ends
    return "today" if due_today or offer.due_at is None else "week"


def _is_covered(row: Row, burning: set[int]) -> bool:
    """Whether an incident of the account asks for the same look already."""
    return (
        row.offer.deed in ("look", "check_in")
        and row.offer.stake is not None
        and row.offer.stake.account_id in burning
    )


def _order(row: Row) -> tuple[object, ...]:
    order = list(GROUPS)
    due = row.offer.due_at.timestamp() if row.offer.due_at else float("inf")
    return (order.index(row.group), -row.factors.worth, due, row.offer.key)


def _numbered(row: Row, rank: int) -> Row:
    return Row(row.offer, row.source, row.group, row.factors, rank, row.from_whom, row.with_whom)


def _meetings(
    offered: Sequence[tuple[Source, Sequence[Offer]]], usual: float, asker: Asker
) -> tuple[Row, ...]:
    found = [
        _row(source, offer, usual, asker)
        for source, offers in offered
        for offer in offers
        if offer.is_meeting
    ]
    return tuple(sorted(found, key=lambda row: (row.offer.due_at or asker.now, row.offer.key)))
