"""What people and the company decided about how Keepwell looks and counts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.access import decisions
from keepwell.access.models import COMPANY
from keepwell.access.queries import settings
from keepwell.kernel.calendars import FiscalYear, WorkCalendar


@dataclass(frozen=True)
class Company:
    """What the company decided, or the defaults."""

    name: str
    fiscal_year: FiscalYear
    calendar: WorkCalendar
    said: dict[str, Any]


def company() -> Company:
    """One query."""
    said = {one.slug: one.default for one in decisions.OF_COMPANY} | settings.get(COMPANY, {})
    zone = said["time_zone"] or "UTC"
    holidays = frozenset(map(date.fromisoformat, said["holidays"]))
    return Company(
        name=said["name"],
        fiscal_year=FiscalYear(said["fiscal_year_start"]),
        calendar=WorkCalendar(frozenset(said["working_days"]), holidays, zone),
        said=said,
    )


@dataclass(frozen=True)
class Reading:
    """In which language and time zone somebody reads; no language: as their browser says."""

    language: str
    time_zone: str


def reading(user: Any) -> Reading:
    """A person's own choice, else the company's; costs no query, for both come with the person."""
    own, company = of(getattr(user, "preferences", {})), getattr(user, "company", None) or {}
    return Reading(
        own["language"] or company.get("language", ""),
        own["time_zone"] or company.get("time_zone", "") or "UTC",
    )


def of(preferences: dict[str, Any]) -> dict[str, Any]:
    """What a person decided, or the defaults; `preferences` are those of their row, so it costs no query."""
    return {one.slug: preferences.get(one.slug, one.default) for one in decisions.OF_PERSON}
