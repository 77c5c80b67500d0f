"""Which stored days must be computed again, so that an increment leaves the same rows as a rebuild."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

WEEKS_KEPT = 104
DAYS_KEPT = 21
SUNDAY = 6


@dataclass(frozen=True)
class Coverage:
    """What stored rows were computed for and by; see `metrics.models.Extent`. Beginnings are ISO days or
    None.
    """

    as_of: date
    definition: Mapping[str, Any]
    beginnings: Mapping[str, str | None]


@dataclass(frozen=True)
class Plan:
    """What to compute: everybody from a day on (None: nobody), and some accounts from an earlier day on."""

    days: tuple[date, ...]
    everybody_since: date | None
    since_by_account: Mapping[int, date] = field(default_factory=dict)

    def days_from(self, since: date, until: date | None = None) -> tuple[date, ...]:
        """The stored days from one on, before another."""
        return tuple(day for day in self.days if since <= day and (until is None or day < until))


def stored_days(as_of: date, *, weeks: int = WEEKS_KEPT) -> tuple[date, ...]:
    """The days for which values are stored: the last Sundays up to the current day, and the last three weeks daily.

    Daily, so that a change within seven days is just that, also as of any day of the last fortnight.
    """
    last = as_of - timedelta(days=(as_of.weekday() + 1) % 7)
    sundays = [last - timedelta(weeks=back) for back in range(weeks)]
    daily = [as_of - timedelta(days=back) for back in range(DAYS_KEPT)]
    return tuple(sorted({*sundays, *daily}))


def plan(*, since_by_account: Mapping[int, date] | None, before: Coverage | None, now: Coverage) -> Plan:
    """What must be computed, given the days from which accounts have new facts (None: everything).

    A value depends on facts up to its day alone, so a fact changes its account's rows from its own day
    on. Beyond the facts three things change everybody's rows: the definition (all of them), a
    company-wide feed that begins to speak on another day (from the earlier of the two on), and the day
    itself (the days not yet stored).
    """
    days = stored_days(now.as_of)
    if since_by_account is None or before is None or before.definition != now.definition:
        return Plan(days, days[0])
    if now.as_of < before.as_of:
        return Plan(days, days[0])
    moved = [day for key in now.beginnings for day in _moved(before.beginnings.get(key), now.beginnings[key])]
    if now.as_of > before.as_of:
        moved.append(before.as_of + timedelta(days=1))
    everybody = min(moved, default=None)
    horizon = now.as_of if everybody is None else _day_before(everybody)
    own = {account: min(since, now.as_of) for account, since in since_by_account.items()}
    return Plan(days, everybody, {account: since for account, since in own.items() if since <= horizon})


def _day_before(day: date) -> date:
    return day if day == date.min else day - timedelta(days=1)


def _moved(before: str | None, now: str | None) -> list[date]:
    return [] if before == now else [date.fromisoformat(day) for day in (before, now) if day is not None]
