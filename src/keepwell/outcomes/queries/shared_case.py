"""The business case for a renewal, as its customer may read it: value beside cost, outcomes, what ends when, what comes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts, contracts
from keepwell.ledger.queries.contracts import ContractView
from keepwell.outcomes import quarters, visibility
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries import briefs, plans, shared_value, value, value_sums
from keepwell.outcomes.queries.briefs import Brief
from keepwell.outcomes.queries.shared import SharedObjective, SharedPlan
from keepwell.outcomes.queries.shared_value import SharedModel
from keepwell.outcomes.queries.value_sums import Totals

QUARTERS = 4
USED = timedelta(days=90)


@dataclass(frozen=True)
class SharedContract:
    """A contract that runs or is to begin; what is None is not stated. Without `until` it is open-ended."""

    product: str
    price: Money | None
    since: date | None
    until: date | None
    notice_until: date | None
    renews: bool | None
    is_running: bool


@dataclass(frozen=True)
class SharedCase:
    """All that the case rests on. Totals are of shared models and of quarters that are over."""

    account_key: str
    account_name: str
    plan: SharedPlan | None
    models: tuple[SharedModel, ...]
    quarters: tuple[Quarter, ...]
    totals: Totals
    contracts: tuple[SharedContract, ...]
    day: date

    @property
    def reached(self) -> tuple[SharedObjective, ...]:
        """Outcomes that are there."""
        return tuple(one for one in self._outcomes if one.reached_on is not None)

    @property
    def planned(self) -> tuple[SharedObjective, ...]:
        """Outcomes that are still to come."""
        return tuple(one for one in self._outcomes if one.reached_on is None)

    @property
    def _outcomes(self) -> tuple[SharedObjective, ...]:
        return () if self.plan is None else self.plan.objectives


def find(*, account: str, seen_by: Scope, day: date) -> SharedCase:
    """The case of an account, also of one without a plan. Some twenty queries, none of them of the lake."""
    found = accounts.find(key=account, seen_by=seen_by)
    asked = quarters.last(quarters.of(day).since - timedelta(days=1), QUARTERS)
    plan = plans.perhaps(account=account, seen_by=seen_by, day=day)
    known = value_sums.prices(account_ids=[found.id], quarters=asked, today=day)
    seen = None
    if plan is not None:
        seen = shared_value.of(value.find(account=account, seen_by=seen_by, day=day), plan)
    models = () if seen is None else tuple(_within(one, asked) for one in seen.models)
    told = [each for one in models for each in one.statements]
    return SharedCase(
        account_key=found.key,
        account_name=found.name,
        plan=None if seen is None else seen.plan,
        models=models,
        quarters=asked,
        totals=value_sums.totals(account_id=found.id, statements=told, known=known, today=day),
        contracts=_contracts(contracts.of_account(account_id=found.id, seen_by=seen_by), day),
        day=day,
    )


def use(*, account: str, seen_by: Scope, day: date) -> Brief:
    """What was used in the ninety days before. Two reads of the account's share of the lake."""
    until = day - timedelta(days=1)
    return briefs.find(account=account, seen_by=seen_by, since=until - USED, until=until, today=day)


def _within(one: SharedModel, asked: Sequence[Quarter]) -> SharedModel:
    return replace(one, statements=tuple(each for each in one.statements if each.quarter in asked))


def _contracts(rows: Sequence[ContractView], day: date) -> tuple[SharedContract, ...]:
    """Those that have not ended, the first to end first, open-ended ones last."""
    told = [_contract(one, day) for one in rows if one.end_date is None or one.end_date > day]
    known = [one for one in told if one is not None]
    return tuple(sorted(known, key=lambda one: (one.until or date.max, one.product)))


def _contract(one: ContractView, day: date) -> SharedContract | None:
    notice = None
    if one.end_date is not None and one.notice_days is not None:
        notice = one.end_date - timedelta(days=one.notice_days)
    said = visibility.shared(
        "contract",
        {},
        {
            "product": one.product, "price": one.arr, "since": one.start_date, "until": one.end_date, "notice": notice,
            "renews": one.auto_renew, "fields": one.fields,
        },
    )  # fmt: skip
    if said is None:
        return None
    return SharedContract(
        said["product"], said.get("price"), said.get("since"), said.get("until"), said.get("notice"), said.get("renews"),
        one.start_date <= day,
    )  # fmt: skip
