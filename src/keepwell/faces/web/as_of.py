"""The moment that an account's page shows: today, or the end of a past day, as known now or as known then."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.web.asking import Asking
from keepwell.kernel.moments import end_of, parse_day

DAY, KNOWN, THEN = "as_of", "known", "then"


@dataclass(frozen=True)
class AsOf:
    """What happened before `at`, as it was known before `known_by` (None: as known now)."""

    day: date
    at: datetime
    is_past: bool = False
    known_by: datetime | None = None

    @property
    def is_then(self) -> bool:
        """Whether only what was known then counts."""
        return self.known_by is not None

    @property
    def asks(self) -> tuple[tuple[str, str], ...]:
        """What an address or a form says so that its page shows the same moment; nothing today."""
        if not self.is_past:
            return ()
        return ((DAY, self.day.isoformat()), *(((KNOWN, THEN),) if self.is_then else ()))

    @property
    def query(self) -> str:
        """The same as the end of an address."""
        return f"?{urlencode(self.asks)}" if self.is_past else ""

    def of(self, name: str, *args: str, **more: str) -> str:
        """The address of a page at the same moment."""
        query = self.query
        if more:
            query = f"{query}&{urlencode(more)}" if query else f"?{urlencode(more)}"
        return reverse(name, args=args) + query


def asked(request: HttpRequest, asking: Asking) -> AsOf:
    """The moment that an address asks for; a day that is not over yet is today."""
    said = request.GET.get(DAY, "").strip()
    day = parse_day(said) if said else asking.today
    if day >= asking.today:
        return AsOf(asking.today, asking.now)
    ends = end_of(day)
    return AsOf(day, ends, True, ends if request.GET.get(KNOWN) == THEN else None)
