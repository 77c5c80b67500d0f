"""When the next business review of an account is due by its cadence, and which moment is proposed for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.health.formulas import portfolio
from keepwell.health.models import Path
from keepwell.kernel import errors
from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.moments import DAY
from keepwell.ledger.models import Touchpoint
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.plays.queries import cadences

REVIEW = "review"
USUAL = timedelta(days=91)  # Playbook: a review each quarter, where nothing else is declared.
SOON = timedelta(days=14)
CLOCK = time(10)
BACK_DAYS = 400


@dataclass(frozen=True)
class Proposal:
    """The day on which the next review is due (None: nothing asks for one), why, and the moment that is proposed."""

    due: date | None
    rule: str
    last: date | None
    starts_at: datetime


def find(*, account: str, seen_by: Scope, now: datetime, zone: str) -> Proposal:
    """For one account. Some nine queries."""
    pk = accounts.visible(seen_by=seen_by).filter(key=account).values_list("pk", flat=True).first()
    if pk is None:
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    day = now.astimezone(ZoneInfo(zone)).date()
    told = due(account_ids=[pk], day=day)[pk]
    wanted = told.day if told.day is not None else day + SOON
    calendar = decisions.company().calendar
    on = _working(max(wanted, day + DAY), calendar, after=day)
    return Proposal(
        told.day,
        told.rule,
        told.last,
        datetime.combine(on, CLOCK, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC")),
    )


@dataclass(frozen=True)
class Due:
    """By which day an account's next review is due, by which rule; the last one that was held."""

    day: date | None
    rule: str
    last: date | None


def due(*, account_ids: Collection[int], day: date) -> Mapping[int, Due]:
    """By the declared cadence, else a quarter after the last one; never held and nothing declared: no day. Nine queries."""
    letters = dict(Path.objects.filter(pk__in=account_ids).values_list("pk", "bands"))
    bands = {pk: portfolio.BANDS.get((letters.get(pk) or "")[-1:], "none") for pk in account_ids}
    stands = cadences.standings(account_ids=account_ids, bands=bands, day=day, back_days=BACK_DAYS)
    held = Touchpoint.objects.filter(
        account__in=account_ids, kind=REVIEW, declined=False, held_at__date__lte=day
    )
    last: dict[int, date] = {}
    for pk, at in held.order_by("held_at").values_list("account", "held_at"):
        last[pk] = at.date()
    return {pk: _due(stands.get(pk), last.get(pk), day) for pk in account_ids}


def _due(standing: cadences.StandingView | None, last: date | None, day: date) -> Due:
    asked = [one for one in standing.verdicts if REVIEW in one.duty.kinds] if standing else []
    if asked:
        first = min(asked, key=lambda one: one.due or day)
        return Due(first.due or day, cadences.rule_said(first.duty), last)
    return Due(None if last is None else last + USUAL, "", last)


def _working(wanted: date, calendar: WorkCalendar, *, after: date) -> date:
    """The last working day up to the wanted one; where that is over, the first one after it."""
    back = (wanted - DAY * n for n in range((wanted - after).days))
    ahead = (wanted + DAY * n for n in range(1, 60))
    return next((day for day in (*back, *ahead) if calendar.works_on(day)), wanted)


def planned(*, account_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Accounts that have a review to come. One query."""
    rows = models.Review.objects.filter(
        account__in=account_ids, starts_at__gte=now, holding=None, cancellation=None
    )
    return frozenset(rows.values_list("account", flat=True))
