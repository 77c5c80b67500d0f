"""How the accounts of a book flow through their phases: who entered, left and stalls, and how long a phase takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet

from keepwell.access.scopes import Scope
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Ownership
from keepwell.ledger.queries import accounts
from keepwell.outcomes.formulas import pathing, survival
from keepwell.outcomes.formulas.pathing import Stay
from keepwell.outcomes.formulas.survival import Estimate
from keepwell.outcomes.queries import journeys
from keepwell.outcomes.queries.journeys import Phases
from keepwell.segments.models import Membership

What = Literal["now", "entered", "left", "stalled"]
WHATS: tuple[What, ...] = ("now", "entered", "left", "stalled")
WEEKS = (4, 13, 26, 52)
TOLD = ("hand", "rule", "import")
Time = Estimate  # as faces call it
LEAST = survival.LEAST


@dataclass(frozen=True)
class Walker:
    """An account with its path."""

    key: str
    name: str
    arr: Money | None
    owner: str
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class PhaseFlow:
    """A phase over a period: who is in it now, entered it, left it and stalls in it, and how long it takes.

    `time` counts the stays of which somebody, a rule or the source told the beginning and the end, or that last on;
    what is only reckoned by days is not in it.
    """

    phase: str
    title: str
    expected: int | None
    now: int
    entered: int
    left: int
    stalled: int
    time: Estimate


@dataclass(frozen=True)
class Book:
    """A book from after the day `since` until the end of the day `day`."""

    since: date
    day: date
    accounts: int
    untold: int
    phases: tuple[PhaseFlow, ...]
    known: Phases
    walkers: tuple[Walker, ...]


@dataclass(frozen=True)
class BookStay:
    """An account of the book in a phase; `over` days longer than expected, `left_for` the phase after it ("": it left us)."""

    key: str
    name: str
    arr: Money | None
    owner: str
    phase: str
    title: str
    since: date | None
    until: date | None
    days: int
    expected: int | None
    over: int
    left_for: str = ""


def chosen(of: Whose, *, seen_by: Scope) -> "QuerySet[Account]":
    """The accounts of a book that the asker may see, also those that left."""
    rows = accounts.visible(seen_by=seen_by).filter(merged_into=None)
    if of.owner_ids is not None:
        owned = Ownership.objects.filter(account=OuterRef("pk"), until=None, user__in=of.owner_ids)
        rows = rows.filter(Exists(owned))
    if of.segment:
        inside = Membership.objects.filter(
            account=OuterRef("pk"), segment__slug=of.segment, state="member", until=None
        )
        rows = rows.filter(Exists(inside))
    return rows


def book(*, of: Whose, seen_by: Scope, day: date, weeks: int) -> Book:
    """The whole book. Some twelve queries and a scan of what changed; the paths of 10 000 accounts take about a second."""
    if weeks not in WEEKS:
        raise Invalid(
            "%(weeks)s weeks are not told. Use one of %(listed)s.",
            weeks=weeks,
            listed=", ".join(map(str, WEEKS)),
        )
    known, since = journeys.known_phases(), day - timedelta(weeks=weeks)
    walkers = _walkers(list(chosen(of, seen_by=seen_by).order_by("pk")), known, day)
    slugs = [
        *known.titles,
        *sorted({s.phase for w in walkers for s in w.stays if s.phase} - set(known.titles)),
    ]
    flows = [_flow(slug, walkers, known, since, day) for slug in slugs]
    there = [walker for walker in walkers if pathing.now(walker.stays) is not None]
    return Book(
        since,
        day,
        len(there),
        sum(1 for walker in there if not walker.stays[-1].phase),
        tuple(one for one in flows if one.phase in known.titles or one.now or one.entered or one.left),
        known,
        walkers,
    )


def _walkers(rows: Sequence[Account], known: Phases, day: date) -> tuple[Walker, ...]:
    paths = journeys.paths(account_ids=[row.pk for row in rows], known=known, day=day)
    owners = accounts.owners({row.pk for row in rows})
    return tuple(
        Walker(
            row.key,
            row.name or row.key,
            accounts.arr_reporting(row),
            next((o.name for o in owners.get(row.pk, ()) if o.role == "csm"), ""),
            paths[row.pk],
        )
        for row in rows
    )


def _flow(slug: str, walkers: Sequence[Walker], known: Phases, since: date, day: date) -> PhaseFlow:
    counted = {what: sum(1 for _ in stays(walkers, slug, what, known, since, day)) for what in WHATS}
    spans = [span for walker in walkers for span in _spans(walker.stays, slug, day)]
    return PhaseFlow(
        slug,
        known.title(slug),
        known.expected(slug),
        counted["now"],
        counted["entered"],
        counted["left"],
        counted["stalled"],
        survival.estimate(spans),
    )


def _spans(path: Sequence[Stay], slug: str, day: date) -> Iterable[tuple[int, bool]]:
    """How long stays in a phase took, and whether they ended by another phase; leaving us is no end of a phase."""
    for place, one in enumerate(path):
        if one.phase != slug or one.by not in TOLD or not one.is_dated:
            continue
        after = path[place + 1] if place + 1 < len(path) else None
        if after is None:
            yield one.days(day), False
        elif after.by in TOLD and after.is_dated:
            yield one.days(day), True


def stays(
    walkers: Sequence[Walker], slug: str, what: What, known: Phases, since: date, day: date
) -> Iterable[tuple[Walker, Stay, str]]:
    """The stays that a figure counts, each with the phase after it."""
    for walker in walkers:
        for place, one in enumerate(walker.stays):
            if one.phase != slug:
                continue
            after = walker.stays[place + 1].phase if place + 1 < len(walker.stays) else ""
            if _counts(one, what, known, since, day):
                yield walker, one, after


def _counts(one: Stay, what: What, known: Phases, since: date, day: date) -> bool:
    if what == "now":
        return one.until is None
    if what == "entered":
        return one.is_dated and since < one.since <= day
    if what == "left":
        return one.until is not None and since < one.until <= day
    return one.until is None and over(one, known, day) > 0


def over(one: Stay, known: Phases, day: date) -> int:
    """By how many days a stay is longer than expected; 0 where it is not or cannot be told."""
    expected = known.expected(one.phase)
    return max(0, one.days(day) - expected) if expected is not None and one.is_dated else 0


def listed(found: Book, *, phase: str, what: What) -> tuple[BookStay, ...]:
    """The accounts behind a figure, the longest in the phase first; of no phase in particular all of them."""
    slugs = [phase] if phase else [one.phase for one in found.phases]
    rows = [
        _row(walker, one, after, found)
        for slug in slugs
        for walker, one, after in stays(found.walkers, slug, what, found.known, found.since, found.day)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.over, -row.days, row.key)))


def _row(walker: Walker, one: Stay, after: str, found: Book) -> BookStay:
    return BookStay(
        walker.key,
        walker.name,
        walker.arr,
        walker.owner,
        one.phase,
        found.known.title(one.phase),
        one.since if one.is_dated else None,
        one.until,
        one.days(found.day) if one.is_dated else 0,
        found.known.expected(one.phase),
        over(one, found.known, found.day),
        found.known.title(after) if after else "",
    )
