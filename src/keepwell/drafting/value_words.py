"""What outcomes are worth, in words: the same on pages, on slides and on paper."""

from collections.abc import Iterable
from decimal import Decimal

from keepwell.kernel import speech
from keepwell.kernel.figures import figure, measured
from keepwell.kernel.money import Money
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.formulas.valuing import MISSING
from keepwell.outcomes.quarters import Quarter

COMPARED = speech.later(
    "Changes are compared with the baseline agreed. That is a comparison, not a proof of what caused them."
)


# Why it is not known what some quarters cost (`value_sums.Totals.lacks`).
LACKS = {
    "": speech.later("no quarter of theirs is confirmed yet"),
    "no_contract": speech.later("no contract is known for one of these quarters"),
    "no_amount": speech.later("a contract of these quarters states no amount"),
    "no_rate": speech.later("a rate of exchange is lacking"),
}


def quarter(one: Quarter) -> str:
    """As people name it."""
    year, number = one.slug.split("-Q")
    return speech.told("Q%(n)s %(year)s", n=number, year=year)


def amount(value: float, currency: str, unit: str) -> str:
    """Money to three figures, anything else with its unit."""
    if currency:
        return Money(Decimal(str(round(value, 2))), currency).short
    return measured(value, unit)


def span(found: Range | None, currency: str = "", unit: str = "") -> str:
    """A range from its low to its high; what is not known is said so."""
    if found is None:
        return speech.told("not known")
    if found.is_point:
        return amount(found.likely, currency, unit)
    return speech.told(
        "%(low)s to %(high)s",
        low=amount(found.low, currency, unit),
        high=amount(found.high, currency, unit),
    )


def likely(found: Range | None, currency: str = "", unit: str = "") -> str:
    """The likely figure; nothing where it is not known."""
    return "" if found is None else amount(found.likely, currency, unit)


def whole(found: Range | None, currency: str = "", unit: str = "") -> str:
    """Range and likely figure in one."""
    if found is None or found.is_point:
        return span(found, currency, unit)
    return speech.told(
        "%(span)s, likely %(likely)s",
        span=span(found, currency, unit),
        likely=likely(found, currency, unit),
    )


def times(found: Range | None) -> str:
    """How many times what was paid."""
    if found is None:
        return speech.told("not known")
    return speech.told("%(low)s to %(high)s times", low=figure(found.low), high=figure(found.high))


def missing(inputs: Iterable[tuple[str, str]]) -> str:
    """Which inputs are not known, and why."""
    said = [
        speech.told(
            "%(input)s: %(why)s", input=title or speech.told("An input"), why=speech.said(MISSING[why])
        )
        for title, why in inputs
    ]
    return "; ".join(said)
