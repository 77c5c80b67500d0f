"""What the page of currencies says: which one sums are told in, and what others are worth in it."""

from dataclasses import dataclass

from keepwell.faces.web.pages.rates import state
from keepwell.kernel import speech
from keepwell.ledger.queries.rates import Rates


@dataclass(frozen=True)
class CurrenciesPage:
    """The whole page."""

    state: str
    reporting: str
    worth: tuple[tuple[str, str], ...]
    missing: str
    may_change: bool
    refused: str


def page(*, known: Rates, in_use: tuple[str, ...], may_change: bool, refused: str = "") -> CurrenciesPage:
    """From the ledger's rates to what the page says."""
    return CurrenciesPage(
        state=state(known.into),
        reporting=known.into,
        worth=tuple(
            (code, f"{known.units[code].normalize():.6g}")
            for code in in_use
            if code in known.units and code != known.into
        ),
        missing=_missing(known.missing(in_use), known.into),
        may_change=may_change,
        refused=refused,
    )


def _missing(lacking: tuple[str, ...], into: str) -> str:
    if not lacking:
        return ""
    codes = ", ".join(lacking)
    return speech.told(
        "Contracts are in %(codes)s, but no rate to %(into)s is known. Their ARR is left out of sums until there is one.",
        codes=codes,
        into=into,
    )
