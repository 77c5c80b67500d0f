"""What the page of currencies says: which one sums are told in, and what others are worth in it."""

from dataclasses import dataclass
from datetime import date

from keepwell.faces.components import words
from keepwell.ledger.queries.rates import Rates, RateView


@dataclass(frozen=True)
class RateRow:
    """One stated rate."""

    pair: str
    rate: str
    day: str
    source: str
    currency: str
    base: str
    iso: str


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
class CurrenciesPage:
    """The whole page."""

    state: str
    reporting: str
    worth: tuple[tuple[str, str], ...]
    missing: str
    rates: tuple[RateRow, ...]
    may_change: bool
    may_state: bool
    typed: Typed
    refused: str
    more: str


def page(
    *,
    known: Rates,
    in_use: tuple[str, ...],
    rates: tuple[RateView, ...],
    may_change: bool,
    may_state: bool,
    today: date,
    typed: Typed,
    refused: str = "",
    more: str = "",
) -> CurrenciesPage:
    """From the ledger's rates to what the page says."""
    lacking = known.missing(in_use)
    return CurrenciesPage(
        state=_state(known.into),
        reporting=known.into,
        worth=tuple(
            (code, f"{known.units[code].normalize():.6g}")
            for code in in_use
            if code in known.units and code != known.into
        ),
        missing=_missing(lacking, known.into),
        rates=tuple(_row(rate, today) for rate in rates),
        may_change=may_change,
        may_state=may_state,
        typed=typed,
        refused=refused,
        more=more,
    )


def _state(reporting: str) -> str:
    if not reporting:
        return "The first contracts decide the currency that sums are told in."
    return f"Sums over accounts are told in {reporting}, at the last rate on or before the day."


def _missing(lacking: tuple[str, ...], into: str) -> str:
    if not lacking:
        return ""
    codes = ", ".join(lacking)
    return f"Contracts are in {codes}, but no rate to {into} is known. Their ARR is left out of sums until there is one."


def _row(rate: RateView, today: date) -> RateRow:
    return RateRow(
        pair=f"{rate.currency} in {rate.base}",
        rate=f"{rate.rate:f}",
        day=words.day(rate.day, today=today, dated=True),
        source=rate.source,
        currency=rate.currency,
        base=rate.base,
        iso=rate.day.isoformat(),
    )
