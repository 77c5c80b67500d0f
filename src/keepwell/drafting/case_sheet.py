"""The business case for a renewal in words, for a page and for paper; what is not known is said aloud."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keepwell.drafting import case_words, plan_sheet, value_sheet, value_words
from keepwell.drafting.plan_sheet import SheetObjective
from keepwell.drafting.review import findings
from keepwell.drafting.value_sheet import SheetModel
from keepwell.kernel import money, speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import figure, whole
from keepwell.kernel.money import Money
from keepwell.outcomes.queries.briefs import Brief
from keepwell.outcomes.queries.shared_case import SharedCase, SharedContract
from keepwell.outcomes.queries.shared_value import SharedValue

MOST_FEATURES = 5


@dataclass(frozen=True)
class CaseFact:
    """A figure with what it is beside."""

    title: str
    first: str
    more: str


@dataclass(frozen=True)
class CaseUse:
    """What was used: a finding, figures, the parts that are used most, and where all of it comes from."""

    finding: str
    facts: tuple[CaseFact, ...]
    features: tuple[tuple[str, str], ...]
    receipt: str


@dataclass(frozen=True)
class CaseContract:
    """A contract: its price, and what ends when."""

    product: str
    price: str
    until: str
    more: str


@dataclass(frozen=True)
class CaseSheet:
    """The whole case; `use` is None until it was read."""

    title: str
    day: str
    finding: str
    facts: tuple[CaseFact, ...]
    agreed: str
    models: tuple[SheetModel, ...]
    reached: tuple[SheetObjective, ...]
    planned: tuple[SheetObjective, ...]
    contracts: tuple[CaseContract, ...]
    unknown: tuple[str, ...]
    compared: str


def sheet(case: SharedCase) -> CaseSheet:
    """For the customer themselves."""
    plan = None if case.plan is None else plan_sheet.sheet(case.plan)
    outcomes = () if plan is None else plan.objectives
    told = () if case.plan is None else _models(case)
    reached = {one.title for one in case.reached}
    return CaseSheet(
        title=case.account_name,
        day=_day(case.day),
        finding=case_words.finding(case.totals),
        facts=_facts(case),
        agreed="" if plan is None else plan.agreed,
        models=told,
        reached=tuple(one for one in outcomes if one.title in reached),
        planned=tuple(one for one in outcomes if one.title not in reached),
        contracts=tuple(_contract(one, case.day) for one in case.contracts),
        unknown=case_words.unknown(case),
        compared=speech.said(value_words.COMPARED) if told else "",
    )


def use(brief: Brief) -> CaseUse:
    """The use of the last thirteen weeks beside the thirteen before, with its receipt."""
    stats = [one for one in findings.use_stats(brief) if one is not None]
    receipt = findings.receipt(speech.told("Use as recorded, the last 13 weeks beside the 13 before."), brief)
    return CaseUse(
        finding=findings.told_use(brief),
        facts=tuple(CaseFact(one.label, one.value, one.note) for one in stats),
        features=_features(brief),
        receipt=f"{receipt.what} {receipt.moment}",
    )


def _models(case: SharedCase) -> tuple[SheetModel, ...]:
    assert case.plan is not None
    seen = SharedValue(case.account_name, case.plan, case.models, case.day)
    return value_sheet.sheet(seen).models


def _features(brief: Brief) -> tuple[tuple[str, str], ...]:
    told = [] if brief.use is None else [one for one in brief.use.features if one.feature]
    if all(one.people is not None for one in told):
        most = sorted(told, key=lambda one: (-(one.people or 0), one.feature))[:MOST_FEATURES]
        return tuple(
            (one.feature, speech.counted(one.people or 0, "%(n)s person", "%(n)s people", n=whole(one.people or 0)))
            for one in most
        )  # fmt: skip
    most = sorted(told, key=lambda one: (-one.events, one.feature))[:MOST_FEATURES]
    return tuple(
        (one.feature, speech.counted(one.events, "%(n)s event", "%(n)s events", n=whole(one.events)))
        for one in most
    )


def _facts(case: SharedCase) -> tuple[CaseFact, ...]:
    totals = case.totals
    paid = ", ".join(value_words.quarter(one) for one in totals.paid_quarters)
    ratio = totals.ratio
    return (
        CaseFact(speech.told("Confirmed in the last four quarters"), *case_words.worth(totals.confirmed)),
        CaseFact(
            speech.told("Paid in the confirmed quarters"),
            speech.told("not known") if totals.cost is None else totals.cost.short,
            speech.said(value_words.LACKS[totals.lacks]) if totals.cost is None else paid,
        ),
        CaseFact(
            speech.told("Confirmed value over cost"),
            value_words.times(ratio),
            "" if ratio is None else speech.told("likely %(n)s", n=figure(ratio.likely)),
        ),
        CaseFact(speech.told("Price a year now"), *_price(case.contracts)),
    )


def _price(contracts: Sequence[SharedContract]) -> tuple[str, str]:
    running = [one for one in contracts if one.is_running]
    if not running:
        return speech.told("not known"), speech.told("no contract runs")
    sums = money.totals(one.price for one in running if one.price is not None)
    silent = sum(one.price is None for one in running)
    more = speech.counted(len(running), "%(n)s contract", "%(n)s contracts", n=len(running))
    if silent:
        more += "; " + speech.told("%(n)s without an amount", n=silent)
    return " + ".join(one.short for one in sums) or speech.told("not known"), more


def _contract(one: SharedContract, day: date) -> CaseContract:
    price = speech.told("amount not stated") if one.price is None else _yearly(one.price)
    more = []
    if not one.is_running and one.since is not None:
        more.append(speech.told("begins on %(day)s", day=_day(one.since)))
    if one.notice_until is not None:
        gone = one.notice_until < day
        said = (
            speech.told("notice was possible until %(day)s", day=_day(one.notice_until))
            if gone
            else speech.told("notice is possible until %(day)s", day=_day(one.notice_until))
        )
        more.append(said)
    if one.until is not None:
        more.append(speech.said(case_words.RENEWS[one.renews]))
    until = speech.told("open-ended") if one.until is None else _day(one.until)
    return CaseContract(one.product or speech.told("Contract"), price, until, "; ".join(more))


def _yearly(price: Money) -> str:
    return speech.told("%(amount)s a year", amount=price)


def _day(day: date) -> str:
    return date_said(day, long=True)
