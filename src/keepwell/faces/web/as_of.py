"""The moment that an account's page shows, as its address says it: today, or the end of a past day, as known now or then."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.standing import Moment
from keepwell.faces.web.asking import Asking
from keepwell.kernel.moments import parse_day

DAY, KNOWN, THEN = "as_of", "known", "then"


@dataclass(frozen=True)
class AsOf(Moment):
    """A moment with the addresses of pages that show it."""

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

    def of(self, name: str, *args: str, **more: str) -> str:
        """The address of a page at the same moment."""
        said = (*self.asks, *more.items())
        return reverse(name, args=args) + (f"?{urlencode(said)}" if said else "")

    def on_day(self, day: date, name: str, *args: str) -> str:
        """The address of a page at this day or an earlier one, as known now or then as here."""
        return replace(self, day=day, is_past=self.is_past or day < self.day).of(name, *args)


def asked(request: HttpRequest, asking: Asking) -> AsOf:
    """The moment that an address asks for; a day that is not over yet is today."""
    said = request.GET.get(DAY, "").strip()
    moment = Moment.on(parse_day(said) if said else None, now=asking.now, then=request.GET.get(KNOWN) == THEN)
    return AsOf(**vars(moment))
