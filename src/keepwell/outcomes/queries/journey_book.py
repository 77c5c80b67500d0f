"""How the accounts of a book flow through their phases: who entered, left and stalls, and how long a phase takes.

All of it is counted from the stays that are kept (`actions.stays`).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Case, Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest

from keepwell.access.scopes import Scope
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Ownership
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.outcomes.formulas import survival
from keepwell.outcomes.formulas.survival import Estimate
from keepwell.outcomes.queries import journeys
from keepwell.outcomes.queries.journeys import Phases
from keepwell.segments.models import Membership

What = Literal["now", "entered", "left", "stalled"]
WHATS: tuple[What, ...] = ("now", "entered", "left", "stalled")
WEEKS = (4, 13, 26, 52)
Time = Estimate  # as faces call it
LEAST = survival.LEAST


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
    """The whole book. Some seven queries, two of them over its stays."""
    if weeks not in WEEKS:
        raise Invalid(
            "%(weeks)s weeks are not told. Use one of %(listed)s.",
            weeks=weeks,
            listed=", ".join(map(str, WEEKS)),
        )
    known, since = journeys.known_phases(), day - timedelta(weeks=weeks)
    rows = _stays(of, seen_by)
    figures, times = _figures(rows, known, since, day), _times(rows, day)
    slugs = [*known.titles, *sorted({slug for slug in figures if slug} - set(known.titles))]
    flows = [_flow(slug, figures.get(slug, {}), times.get(slug, {}), known) for slug in slugs]
    return Book(
        since,
        day,
        sum(each["now"] for each in figures.values()),
        figures.get("", {}).get("now", 0),
        tuple(one for one in flows if one.phase in known.titles or one.now or one.entered or one.left),
        known,
    )


def _stays(of: Whose, seen_by: Scope) -> "QuerySet[models.Stay]":
    if seen_by.everything and of.owner_ids is None and not of.segment:
        return models.Stay.objects.all()
    return models.Stay.objects.filter(account__in=chosen(of, seen_by=seen_by))


def _figures(
    rows: "QuerySet[models.Stay]", known: Phases, since: date, day: date
) -> dict[str, dict[str, int]]:
    counted = {what: Count("pk", filter=_counts(what, known, since, day)) for what in WHATS}
    told: Any = rows.values("phase").annotate(**counted)
    return {row["phase"]: row for row in told}


def _times(rows: "QuerySet[models.Stay]", day: date) -> dict[str, dict[tuple[int, bool], int]]:
    """By phase how many stays took so many days, and whether they ended by another phase."""
    told = rows.exclude(came=None).values_list("phase", _days(day), "came").annotate(count=Count("pk"))
    found: dict[str, dict[tuple[int, bool], int]] = defaultdict(dict)
    for phase, days, came, count in told:
        found[phase][days, bool(came)] = count
    return found


def _flow(
    slug: str, counted: Mapping[str, int], took: Mapping[tuple[int, bool], int], known: Phases
) -> PhaseFlow:
    now, entered, left, stalled = (counted.get(what, 0) for what in WHATS)
    return PhaseFlow(
        slug, known.title(slug), known.expected(slug), now, entered, left, stalled, survival.counted(took)
    )


def _counts(what: What, known: Phases, since: date, day: date) -> Q:
    """The stays that a figure counts."""
    if what == "now":
        return Q(until=None)
    if what == "entered":
        return Q(is_dated=True, since__gt=since, since__lte=day)
    if what == "left":
        return Q(until__gt=since, until__lte=day)
    over = Q(phase=None)  # none: where nothing is expected, nobody stalls
    for slug, days in _expected(known).items():
        over |= Q(phase=slug, since__lt=day - timedelta(days=days))
    return Q(over, until=None, is_dated=True)


def _expected(known: Phases) -> dict[str, int]:
    told = {one.slug: known.expected(one.slug) for one in known.journey.phases}
    return {slug: days for slug, days in told.items() if days is not None}


def _days(day: date) -> Func:
    """How long a stay lasted by a day."""
    ends = Coalesce("until", Value(day))
    return Func(ends, F("since"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def listed(
    found: Book, *, of: Whose, seen_by: Scope, phase: str, what: What, limit: int | None = None
) -> tuple[BookStay, ...]:
    """The accounts behind a figure, the longest in the phase first; of no phase in particular all of them. Two queries."""
    known, day = found.known, found.day
    rows = _stays(of, seen_by).filter(_counts(what, known, found.since, day))
    rows = rows.filter(phase=phase) if phase else rows.exclude(phase="")
    expected: Any = Case(
        *(When(phase=slug, then=Value(days)) for slug, days in _expected(known).items()),
        default=Value(None),
        output_field=IntegerField(),
    )
    told = rows.annotate(
        days=Case(When(is_dated=True, then=_days(day)), default=Value(0)),
        over=Case(When(is_dated=True, then=Greatest(Value(0), _days(day) - expected)), default=Value(0)),
    )
    ordered = told.order_by("-over", "-days", "account__key").select_related("account")
    part: list[Any] = list(ordered if limit is None else ordered[:limit])
    owners = accounts.owners({row.account_id for row in part})
    return tuple(
        _row(row, next((o.name for o in owners.get(row.account_id, ()) if o.role == "csm"), ""), known)
        for row in part
    )


def _row(row: Any, owner: str, known: Phases) -> BookStay:
    return BookStay(
        row.account.key,
        row.account.name or row.account.key,
        accounts.arr_reporting(row.account),
        owner,
        row.phase,
        known.title(row.phase),
        row.since if row.is_dated else None,
        row.until,
        row.days,
        known.expected(row.phase),
        row.over,
        known.title(row.after) if row.after else "",
    )
