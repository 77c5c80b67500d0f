"""Quarters of the calendar: the periods of value. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.kernel.errors import Invalid

_SAID = re.compile(r"(\d{4})-?Q([1-4])", re.I)
FIRST_YEAR, LAST_YEAR = 1970, 2198


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months, from its first day to its last."""

    since: date
    until: date

    @property
    def slug(self) -> str:
        """As addresses and programs name it: "2026-Q2"."""
        return f"{self.since.year}-Q{(self.since.month + 2) // 3}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Quarter":
        """The one before it."""
        return of(self.since - timedelta(days=1))


def of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    since = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    following = (since + timedelta(days=95)).replace(day=1)
    return Quarter(since, following - timedelta(days=1))


def read(text: str) -> Quarter:
    """A quarter written "2026-Q2"."""
    found = _SAID.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Invalid('"%(text)s" is no quarter. Use a year and a quarter, such as 2026-Q2.', text=text)
    return of(date(int(found[1]), int(found[2]) * 3 - 2, 1))


def last(day: date, count: int) -> tuple[Quarter, ...]:
    """The quarters that end with the one of a day, ascending."""
    found = [of(day)]
    while len(found) < count:
        found.append(found[-1].before)
    return tuple(reversed(found))
