"""What a customer may see of their value: made of what `visibility.shared` lets through and of nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.outcomes import visibility
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.formulas.redacting import Redactor
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries import plans, shared, value
from keepwell.outcomes.queries.plans import PlanView
from keepwell.outcomes.queries.shared import SharedPlan
from keepwell.outcomes.queries.value import ModelView, StatementView, ValueView


@dataclass(frozen=True)
class SharedInput:
    """A factor with who agreed to it; what is None or empty is not shared, or not known."""

    title: str
    source: str
    unit: str
    currency: str
    change: str
    figure: Range | None
    baseline: Range | None
    agreed_by: str
    agreed_on: date | None
    is_missing: bool


@dataclass(frozen=True)
class SharedStatement:
    """A quarter's value; without a range it is not known. `by` is empty where nobody confirmed it, or that is not shared."""

    quarter: Quarter
    range: Range | None
    currency: str
    unit: str
    missing: tuple[tuple[str, str], ...]
    inputs: tuple[SharedInput, ...]
    is_confirmed: bool
    is_theirs: bool
    by: str
    on: date | None
    words: str

    @property
    def counts(self) -> Range | None:
        """What it adds to a sum."""
        return self.range


@dataclass(frozen=True)
class SharedModel:
    """How the value of one outcome is counted, and what it came to."""

    title: str
    kind: str
    objective: str
    basis: str
    statements: tuple[SharedStatement, ...]


@dataclass(frozen=True)
class SharedValue:
    """All of it for its customer, beside the plan that it is about."""

    account_name: str
    plan: SharedPlan
    models: tuple[SharedModel, ...]
    day: date


def find(*, account: str, seen_by: Scope, day: date) -> SharedValue:
    """An account's value as its customer may see it; refuses where there is no plan."""
    plan = plans.find(account=account, seen_by=seen_by, day=day)
    return of(value.find(account=account, seen_by=seen_by, day=day), plan)


def of(found: ValueView, plan: PlanView) -> SharedValue:
    """The shared part: of quarters that were over, of models whose outcome is shared."""
    seen = shared.of(plan)
    names = {one.doc.slug: one.doc.title for one in plan.objectives}
    open_ = {one.title for one in seen.objectives}
    told = [
        _model(one, names.get(one.doc.objective, ""))
        for one in found.models
        if names.get(one.doc.objective) in open_ and not one.is_dropped
    ]
    return SharedValue(found.account_name, seen, tuple(one for one in told if one is not None), found.day)


def redactor(found: ValueView, plan: PlanView) -> Redactor:
    """What takes the account, its people and ours out of the texts of its value. Two queries."""
    said = [each.confirmation for one in found.models for each in one.statements if each.confirmation]
    people = {one.name for one in said} | {
        each["agreed_by"] for one in found.models for row in one.statements for each in row.inputs
    }
    known = shared.names(account_id=found.account_id)
    return Redactor(account=(plan.account_name, plan.account_key), people=(*known, *sorted(people - {""})))


def _model(one: ModelView, objective: str) -> SharedModel | None:
    doc = one.doc
    said = visibility.shared(
        "value_model",
        doc.labels,
        {"title": doc.title, "kind": doc.kind, "basis": doc.basis, "value": True, "notes": doc.notes},
    )
    if said is None:
        return None
    labels = {each.slug: each.labels for each in doc.inputs}
    statements = [_statement(each, labels) for each in one.standing if each.is_whole]
    return SharedModel(
        title=said["title"],
        kind=said.get("kind", ""),
        objective=objective,
        basis=said.get("basis", ""),
        statements=tuple(statements) if "value" in said else (),
    )


def _statement(one: StatementView, labels: Mapping[str, Mapping[str, str]]) -> SharedStatement:
    told = [(each["slug"], _input(each, labels.get(each["slug"]))) for each in one.inputs]
    inputs = {slug: found for slug, found in told if found is not None}
    said = one.confirmation
    by = None
    if said is not None:
        by = visibility.shared(
            "value_confirmation", said.labels, {"name": said.name, "on": said.on, "words": said.words}
        )
    theirs = said is not None and said.figure is not None
    return SharedStatement(
        quarter=one.quarter,
        range=one.counts,
        currency=one.currency,
        unit=one.unit,
        missing=() if theirs else _missing(one.missing, inputs),
        inputs=tuple(inputs.values()),
        is_confirmed=said is not None,
        is_theirs=theirs,
        by=(by or {}).get("name", ""),
        on=(by or {}).get("on"),
        words=(by or {}).get("words", ""),
    )


def _missing(
    missing: Collection[tuple[str, str]], inputs: Mapping[str, SharedInput]
) -> tuple[tuple[str, str], ...]:
    """What is missing by its title; an input that is not shared has none."""
    return tuple((inputs[slug].title if slug in inputs else "", why) for slug, why in missing)


def _input(one: Mapping[str, Any], labels: Mapping[str, str] | None) -> SharedInput | None:
    """As it went in; one that the model has no more is not shown, for nobody says who may see it."""
    if labels is None:
        return None
    said = visibility.shared(
        "value_input",
        labels,
        {
            "title": one["title"], "figure": one["figure"], "baseline": one["baseline"], "metric": one["metric"],
            "agreed_by": one["agreed_by"], "agreed_on": one["agreed_on"],
        },
    )  # fmt: skip
    if said is None:
        return None
    figure, baseline, on = said.get("figure"), said.get("baseline"), said.get("agreed_on")
    return SharedInput(
        title=said["title"],
        source=one["source"],
        unit=one["unit"],
        currency=one["currency"],
        change=one["change"],
        figure=Range(**figure) if figure else None,
        baseline=Range(**baseline) if baseline else None,
        agreed_by=said.get("agreed_by", ""),
        agreed_on=date.fromisoformat(on) if on else None,
        is_missing=bool(one["missing"]),
    )
