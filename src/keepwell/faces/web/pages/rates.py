"""What the page of exchange rates says: what was stated, and a form for one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.ledger.queries.rates import RateView

# So that rates of few places stand under each other.
PLACES = 4


@dataclass(frozen=True)
class RateRow:
    """One stated rate; `change` fills the form with it."""

    pair: str
    rate: str
    day: str
    source: str
    currency: str
    base: str
    iso: str
    change: str


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a rate, and what was wrong with it."""

    currency: str = ""
    base: str = ""
    day: str = ""
    rate: str = ""
    faults: tuple[tuple[str, str], ...] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """The fault of each field that has one."""
        return dict(self.faults)


@dataclass(frozen=True)
class RatesPage:
    """The whole page."""

    state: str
    reporting: str
    rates: tuple[RateRow, ...]
    may_state: bool
    typed: Typed
    more: str


def page(
    rates: Sequence[RateView], *, reporting: str, may_state: bool, today: date, typed: Typed, more: str
) -> RatesPage:
    """From what was stated to what the page says."""
    return RatesPage(
        state=state(reporting),
        reporting=reporting,
        rates=tuple(_row(rate, today) for rate in rates),
        may_state=may_state,
        typed=typed,
        more=more,
    )


def state(reporting: str) -> str:
    """In which currency sums are told."""
    if not reporting:
        return speech.told("The first contracts decide the currency that sums are told in.")
    return speech.told(
        "Sums over accounts are told in %(reporting)s, at the last rate on or before the day.",
        reporting=reporting,
    )


def _row(rate: RateView, today: date) -> RateRow:
    told = {
        "currency": rate.currency, "base": rate.base, "day": rate.day.isoformat(), "rate": f"{rate.rate:f}"
    }  # fmt: skip
    return RateRow(
        pair=speech.told("%(currency)s in %(base)s", currency=rate.currency, base=rate.base),
        rate=f"{rate.rate:.{PLACES}f}" if rate.rate == round(rate.rate, PLACES) else told["rate"],
        day=words.day(rate.day, today=today, dated=True),
        source=rate.source,
        currency=rate.currency,
        base=rate.base,
        iso=told["day"],
        change=f"{reverse('rates')}?{urlencode(told)}#rate",
    )
