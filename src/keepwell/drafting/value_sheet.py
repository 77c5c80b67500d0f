"""Shared value in words, for a customer's page and for paper; or redacted, as the draft of a case study for somebody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from keepwell.drafting import value_words
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.formulas import ranges
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.formulas.redacting import Redactor
from keepwell.outcomes.queries.shared_value import SharedInput, SharedModel, SharedStatement, SharedValue
from keepwell.outcomes.value_document import KINDS

INDEX = 100.0


@dataclass(frozen=True)
class SheetInput:
    """A factor: its figure and who agreed to it."""

    title: str
    said: str
    agreed: str


@dataclass(frozen=True)
class SheetQuarter:
    """A quarter's value and who stands by it."""

    quarter: str
    span: str
    likely: str
    state: str
    is_confirmed: bool
    more: str


@dataclass(frozen=True)
class SheetModel:
    """What one outcome was worth."""

    title: str
    kind: str
    outcome: str
    basis: str
    inputs: tuple[SheetInput, ...]
    quarters: tuple[SheetQuarter, ...]


@dataclass(frozen=True)
class ValueSheet:
    """The whole report, all in words; `confirmed` and `counted` are never one sum."""

    title: str
    day: str
    confirmed: str
    counted: str
    compared: str
    models: tuple[SheetModel, ...]


@dataclass(frozen=True)
class _Ways:
    """How a sheet says figures, names, days and texts."""

    clean: Callable[[str], str]
    who: Callable[[str], str]
    day: Callable[[date | None], str]
    is_redacted: bool = False


def sheet(found: SharedValue) -> ValueSheet:
    """For the customer themselves."""
    ways = _Ways(str, str, lambda day: "" if day is None else date_said(day, long=True))
    return _made(found, found.account_name, date_said(found.day, long=True), ways)


def redacted(found: SharedValue, *, redactor: Redactor, industry: str) -> ValueSheet:
    """For somebody else: no names, no amounts, no days; figures as an index in which the first likely one is 100."""
    title = (
        speech.told("A customer in %(industry)s", industry=industry)
        if industry
        else speech.told("A customer")
    )
    ways = _Ways(redactor.clean, _named, lambda day: "", is_redacted=True)
    return _made(found, title, "", ways)


def _named(name: str) -> str:
    return speech.told("one of theirs") if name else ""


def _made(found: SharedValue, title: str, day: str, ways: _Ways) -> ValueSheet:
    told = [each for one in found.models for each in one.statements]
    sums = ("", "")
    if not ways.is_redacted:
        sums = (
            _sum([one for one in told if one.is_confirmed]),
            _sum([one for one in told if not one.is_confirmed]),
        )
    return ValueSheet(
        title=title,
        day=day,
        confirmed=sums[0],
        counted=sums[1],
        compared=speech.said(value_words.COMPARED),
        models=tuple(_model(one, ways) for one in found.models),
    )


def _sum(statements: list[SharedStatement]) -> str:
    """By currency and unit, apart."""
    parts: dict[tuple[str, str], list[Range]] = {}
    for one in statements:
        if one.range is not None:
            parts.setdefault((one.currency, "" if one.currency else one.unit), []).append(one.range)
    return "; ".join(
        value_words.whole(ranges.total(found), currency, unit)
        for (currency, unit), found in sorted(parts.items())
    )


def _model(one: SharedModel, ways: _Ways) -> SheetModel:
    scale = _scale(one) if ways.is_redacted else None
    shown = () if ways.is_redacted else one.statements[-1:]
    return SheetModel(
        title=ways.clean(one.title),
        kind=speech.said(KINDS[one.kind]) if one.kind else "",
        outcome=ways.clean(one.objective),
        basis=ways.clean(one.basis),
        inputs=tuple(_input(each, ways) for last in shown for each in last.inputs),
        quarters=tuple(_quarter(each, place, scale, ways) for place, each in enumerate(one.statements)),
    )


def _scale(one: SharedModel) -> float | None:
    """What the first likely figure has to be multiplied by to be 100; None where there is none that one could divide by."""
    known = (each.range.likely for each in one.statements if each.range is not None)
    first = next((figure for figure in known if figure > 0), None)
    return None if first is None else INDEX / first


def _input(one: SharedInput, ways: _Ways) -> SheetInput:
    said = "" if one.figure is None else value_words.whole(one.figure, one.currency, one.unit)
    if one.baseline is not None and one.change:
        base = value_words.whole(one.baseline, one.currency, one.unit)
        compared = speech.told("compared with the baseline of %(base)s", base=base)
        said = f"{said}; {compared}" if said else compared
    agreed = ", ".join(part for part in (ways.who(one.agreed_by), ways.day(one.agreed_on)) if part)
    return SheetInput(
        ways.clean(one.title), said, speech.told("agreed by %(said)s", said=agreed) if agreed else ""
    )


def _quarter(one: SharedStatement, place: int, scale: float | None, ways: _Ways) -> SheetQuarter:
    found, currency, unit = one.range, one.currency, one.unit
    name = value_words.quarter(one.quarter)
    if ways.is_redacted:
        name = speech.told("quarter %(n)s", n=place + 1)
        found = None if found is None or scale is None else ranges.scaled(found, scale)
        currency = unit = ""
    if one.is_confirmed:
        state = speech.told("Confirmed by the customer")
    elif one.range is None:
        state = speech.told("Not known")
    else:
        state = speech.told("Counted, not confirmed")
    return SheetQuarter(
        quarter=name,
        span=value_words.span(found, currency, unit),
        likely=value_words.likely(found, currency, unit),
        state=state,
        is_confirmed=one.is_confirmed,
        more=_more(one, ways),
    )


def _more(one: SharedStatement, ways: _Ways) -> str:
    if not one.is_confirmed:
        return ways.clean(value_words.missing(one.missing))
    who = ", ".join(part for part in (ways.who(one.by), ways.day(one.on)) if part)
    words = f"“{ways.clean(one.words)}”" if one.words else ""
    return " · ".join(part for part in (who, words) if part)
