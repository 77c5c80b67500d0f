"""The portfolio: what the accounts of a person, a team, a segment or everybody are worth by band, over time and now.

All of it from stored sums: one query over the tallies for whoever owns them, whatever the number of accounts. Of a segment the
paths of its members are summed up in the request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Right, Substr

from keepwell.access.models import Team, User
from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.health.formulas import portfolio
from keepwell.health.queries import paths
from keepwell.kernel import speech
from keepwell.kernel.calendars import FiscalYear
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account
from keepwell.ledger.queries import rates
from keepwell.segments.models import Membership, Segment

ALL, MINE, TEAM, OWNER = "all", "mine", "team", "owner"
TOP = 8
_SUMS = """
    SELECT facet, day, a, b, sum(accounts)::bigint, sum(unpriced)::bigint, sum(cents)::bigint
    FROM health_tally WHERE {} GROUP BY facet, day, a, b
"""
Figure = tuple[str, date, str, str, int, int, int]


@dataclass(frozen=True)
class Whose:
    """Whose accounts are looked at: everything that the asker may see, or what these people own of it; perhaps one segment."""

    slug: str
    title: str
    owner_ids: frozenset[int] | None
    segment: str = ""


@dataclass(frozen=True)
class Worth:
    """So many accounts, what they are worth in the reporting currency, and of how many that is not known."""

    accounts: int = 0
    cents: int = 0
    unpriced: int = 0

    def __add__(self, other: "Worth") -> "Worth":
        """Both together."""
        return Worth(self.accounts + other.accounts, self.cents + other.cents, self.unpriced + other.unpriced)


@dataclass(frozen=True)
class Portfolio:
    """The figures of some accounts as of a day; `currency` is empty while none is known.

    `bands`: by day and band. `moves`: by first day, band then and band now ("none": not there). `renewals`: by the first day
    of a quarter of the fiscal year (None: no date) and band. `cadence` and `known`: by state and band.
    """

    as_of: date
    currency: str
    bands: dict[tuple[date, str], Worth]
    moves: dict[tuple[date, str, str], Worth]
    renewals: dict[tuple[date | None, str], Worth]
    cadence: dict[tuple[str, str], Worth]
    known: dict[tuple[str, str], Worth]
    fiscal_year: FiscalYear

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are told, ascending."""
        return tuple(portfolio.days(self.as_of))

    def began(self, weeks: int) -> date:
        """The day with which the current one is compared over so many weeks."""
        return self.days[portfolio.place(self.as_of, weeks)]

    def money(self, worth: Worth) -> Money:
        """What it is worth."""
        return Money(Decimal(worth.cents) / 100, self.currency or "USD")


@dataclass(frozen=True)
class Mover:
    """An account whose health changed, by so many points over the weeks asked."""

    key: str
    name: str
    before: str
    band: str
    points: float | None
    change: float | None
    arr: Money | None
    renews: date | None = None


@dataclass(frozen=True)
class Asked:
    """Which accounts of a figure are listed: every field that is not empty holds for them.

    `band` now, or on a past `day`; `before` the band so many `weeks` ago; `quarter` the first day of the renewal's; "none" is
    the band of those that were not there.
    """

    band: str = ""
    day: date | None = None
    before: str = ""
    weeks: int = 4
    quarter: date | None = None
    unrenewed: bool = False
    cadence: str = ""
    known: str = ""


def choices(*, seen_by: Scope) -> tuple[tuple[str, str], ...]:
    """Whose accounts the asker can look at: slug and title. One query."""
    mine = ((MINE, speech.told("My book")),) if seen_by.user_id else ()
    teams = Team.objects.order_by("name")
    if not seen_by.everything:
        teams = teams.filter(pk__in=User.objects.filter(pk=seen_by.user_id or 0).values("teams"))
    named = tuple((f"{TEAM}:{pk}", name) for pk, name in teams.values_list("pk", "name"))
    return (
        *mine,
        *named,
        (ALL, speech.told("All accounts") if seen_by.everything else speech.told("All that I see")),
    )


def whose(slug: str, *, seen_by: Scope, segment: str = "") -> Whose:
    """What a slug means to the asker: mine, all, team:ID or owner:ID. What one may not see does not exist."""
    if segment and not Segment.objects.filter(slug=segment, retired_at=None).exists():
        raise NotFound('There is no segment "%(segment)s".', segment=segment)
    kind, _, number = slug.partition(":")
    visible = None if seen_by.everything else seen_by.owner_ids
    if kind == ALL:
        return Whose(
            slug,
            speech.told("All accounts") if seen_by.everything else speech.told("All that I see"),
            visible,
            segment,
        )
    if kind == MINE and seen_by.user_id is not None:
        return Whose(slug, speech.told("My book"), frozenset({seen_by.user_id}), segment)
    if kind not in (TEAM, OWNER) or not number.isdecimal() or len(number) > 18:
        raise Invalid('"%(slug)s" is nobody\'s book. Use mine, all, team:NUMBER or owner:NUMBER.', slug=slug)
    found: Team | User | None
    if kind == TEAM:
        found = Team.objects.filter(pk=int(number)).first()
        people = User.objects.filter(teams=int(number))
    else:
        found = User.objects.filter(pk=int(number)).first()
        people = User.objects.filter(pk=int(number))
    ids = frozenset(people.values_list("pk", flat=True))
    seen = ids if visible is None else ids & visible
    if found is None or (visible is not None and not seen):
        raise NotFound("There is no %(kind)s %(number)s.", kind=kind, number=number)
    return Whose(slug, str(found), seen, segment)


def figures(of: Whose) -> Portfolio | None:
    """All sums at once; None while nothing is computed yet. Four queries, five for a segment."""
    as_of = models.PathExtent.objects.values_list("as_of", flat=True).first()
    if as_of is None:
        return None
    told = list(_of_segment(of, as_of) if of.segment else _tallied(of))
    year = decisions.company().fiscal_year
    found = Portfolio(as_of, rates.reporting(), {}, {}, {}, {}, {}, year)
    for facet, day, a, b, accounts, unpriced, cents in told:
        worth, first, second = Worth(accounts, cents, unpriced), _band(a), _band(b)
        match facet:
            case "band":
                found.bands[day, first] = worth
            case "move":
                found.moves[day, first, second] = worth
            case "renewal":
                at = None if day == portfolio.NO_RENEWAL else year.begins(day)
                found.renewals[at, first] = found.renewals.get((at, first), Worth()) + worth
            case "cadence":
                found.cadence[a, second] = worth
            case "known":
                found.known[a, second] = worth
    return found


def _band(letter: str) -> str:
    return portfolio.BANDS.get(letter, letter)


def _tallied(of: Whose) -> Iterable[Figure]:
    """The sums over the groups of owners that anybody asked for is in: no account is counted twice."""
    if of.owner_ids is None:
        where, ids = "owners = %s::bigint[]", [0]
    else:
        where, ids = "owners && %s::bigint[]", sorted(of.owner_ids)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(where), [ids])
        yield from cursor.fetchall()


def _of_segment(of: Whose, as_of: date) -> Iterable[Figure]:
    rows = paths.frame(_chosen(of).values("account_id", *paths.KEPT))
    alike = paths.listed(rows.with_columns(owners=paths.NOBODY))
    for row in portfolio.contributions(alike, as_of=as_of).iter_rows(named=True):
        told = (row["facet"], row["day"], row["a"], row["b"])
        yield (*told, row["accounts"], row["unpriced"], row["cents"])


def _chosen(of: Whose) -> "QuerySet[models.Path]":
    rows = models.Path.objects.all()
    if of.owner_ids is not None:
        rows = rows.filter(owners__overlap=sorted(of.owner_ids))
    if of.segment:
        inside = Membership.objects.filter(
            segment__slug=of.segment, state="member", until=None, account=OuterRef("pk")
        )
        rows = rows.filter(Exists(inside))
    return rows


def sums(facet: str, *, seen_by: Scope) -> dict[tuple[str, str], Worth]:
    """A facet of the accounts that the asker may see, by what it tells them apart. One query."""
    of = whose(ALL, seen_by=seen_by)
    return {
        (a, _band(b)): Worth(accounts, cents, unpriced)
        for said, _, a, b, accounts, unpriced, cents in _tallied(of)
        if said == facet
    }


def told(found: Portfolio) -> tuple[tuple[Any, ...], ...]:
    """Every figure as a row: figure, day, from, to, accounts, ARR, of how many it is not known, currency."""
    rows: list[tuple[str, Any, str, str, Worth]] = [
        *(("band", day, "", band, worth) for (day, band), worth in found.bands.items()),
        *(("move", day, a, b, worth) for (day, a, b), worth in found.moves.items()),
        *(("renewal", day or "", "", band, worth) for (day, band), worth in found.renewals.items()),
        *(("cadence", found.as_of, state, band, worth) for (state, band), worth in found.cadence.items()),
        *(("known", found.as_of, state, band, worth) for (state, band), worth in found.known.items()),
    ]
    ordered = sorted(rows, key=lambda row: (row[0], str(row[1]), row[2], row[3]))
    return tuple(
        (*row[:4], row[4].accounts, f"{row[4].cents / 100:.2f}", row[4].unpriced, found.currency)
        for row in ordered
    )


def movers(of: Whose, *, weeks: int, fell: bool, limit: int = TOP) -> tuple[Mover, ...]:
    """Those whose points changed most over 1, 4 or 13 weeks, down or up. Two queries."""
    name = f"change_{compared(weeks)}"
    rows = _chosen(of).filter(**{f"{name}__lt" if fell else f"{name}__gt": 0})
    found = rows.order_by(name if fell else F(name).desc(), "pk")[:limit]
    return _named(list(found), weeks)


def listed(of: Whose, asked: Asked, *, limit: int, after: int = 0) -> tuple[Mover, ...]:
    """The accounts of a figure, the largest ARR first; those of everybody are walked along an index. Five queries."""
    rows = _behind(of, asked)
    return () if rows is None else _named(list(_ordered(rows)[after : after + limit]), asked.weeks)


def counted(of: Whose, asked: Asked) -> int:
    """How many accounts are behind a figure. Two queries."""
    rows = _behind(of, asked)
    return 0 if rows is None else rows.count()


def largest(of: Whose, *, limit: int) -> list[int]:
    """The accounts that are worth most, the largest ARR first, by number. One query."""
    return list(_ordered(_chosen(of)).values_list("account_id", flat=True)[:limit])


def _behind(of: Whose, asked: Asked) -> "QuerySet[models.Path] | None":
    as_of = models.PathExtent.objects.values_list("as_of", flat=True).first()
    return None if as_of is None else _narrowed(_chosen(of), asked, as_of)


def _ordered(rows: "QuerySet[models.Path]") -> "QuerySet[models.Path]":
    return rows.order_by(models.WORTH.desc(), "account_id")


def _narrowed(rows: "QuerySet[models.Path]", asked: Asked, as_of: date) -> "QuerySet[models.Path]":
    grid = portfolio.days(as_of)
    at = portfolio.place(as_of, compared(asked.weeks))
    day = len(grid) - 1 if asked.day is None else _place(asked.day, grid)
    for name, place, band in (("now", day, asked.band), ("then", at, asked.before)):
        if band:
            is_last = place == len(grid) - 1  # of the last letter the table knows how often it stands there
            letter = Right("bands", 1) if is_last else Substr("bands", place + 1, 1)
            rows = rows.annotate(**{name: letter}).filter(**{f"{name}__in": _letters(band)})
    if asked.quarter or asked.unrenewed or asked.cadence or asked.known:
        rows = rows.annotate(last=Right("bands", 1)).exclude(last__in=(portfolio.ABSENT, portfolio.LEFT))
    if asked.quarter is not None:
        ends = (asked.quarter.replace(day=1) + timedelta(days=93)).replace(day=1)
        rows = rows.filter(renews__gte=asked.quarter, renews__lt=ends)
    if asked.unrenewed:
        rows = rows.filter(renews=None)
    for name, value in (("cadence", asked.cadence), ("known", asked.known)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def _place(day: date, grid: Sequence[date]) -> int:
    if day not in grid:
        raise Invalid(
            "%(day)s is none of the days that the portfolio tells. Use a Sunday of the last half year.",
            day=day,
        )
    return grid.index(day)


def _letters(band: str) -> list[str]:
    if band == portfolio.BANDS[portfolio.ABSENT]:
        return [portfolio.ABSENT, portfolio.LEFT]
    if band not in portfolio.LETTERS:
        raise Invalid(
            '"%(band)s" is no band. Use one of %(listed)s or none.',
            band=band,
            listed=", ".join(portfolio.LETTERS),
        )
    return [portfolio.LETTERS[band]]


def compared(weeks: int) -> int:
    """So many weeks, if figures are compared over them."""
    if weeks not in portfolio.PERIODS:
        raise Invalid(
            "%(weeks)s weeks are not compared. Use one of %(listed)s.",
            weeks=weeks,
            listed=", ".join(map(str, portfolio.PERIODS)),
        )
    return weeks


def _named(rows: Sequence[models.Path], weeks: int) -> tuple[Mover, ...]:
    named = {
        pk: (key, name)
        for pk, key, name in Account.objects.filter(pk__in=[row.pk for row in rows]).values_list(
            "pk", "key", "name"
        )
    }
    currency = rates.reporting()
    as_of = models.PathExtent.objects.values_list("as_of", flat=True).get()
    at = portfolio.place(as_of, weeks)
    return tuple(_mover(row, named[row.pk], currency, at, weeks) for row in rows if row.pk in named)


def _mover(row: models.Path, named: tuple[str, str], currency: str, at: int, weeks: int) -> Mover:
    arr = row.arrs[-1]
    return Mover(
        *named,
        before=_letter(row.bands[at]),
        band=_letter(row.bands[-1]),
        points=row.points,
        change=getattr(row, f"change_{weeks}"),
        arr=None if arr is None else Money(Decimal(str(arr)), currency or "USD"),
        renews=row.renews,
    )


def _letter(letter: str) -> str:
    return portfolio.BANDS[portfolio.ABSENT if letter == portfolio.LEFT else letter]
