"""A plan as its customer may see it: made of what `visibility.shared` lets through and of nothing else.

Whatever reaches a customer (their page, their copy, the PDF, their side of the API) is rendered from these objects. They have
no place for what is internal; where something stands is judged anew from the shared fields alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.ledger.models import Stakeholder
from keepwell.outcomes import models, visibility
from keepwell.outcomes.formulas import judging
from keepwell.outcomes.formulas.judging import Course, Verdict
from keepwell.outcomes.formulas.redacting import Redactor
from keepwell.outcomes.queries import plans
from keepwell.outcomes.queries.plans import (
    IndicatorView,
    ObjectiveView,
    OpinionView,
    PlanView,
    StepView,
    VersionView,
)


@dataclass(frozen=True)
class SharedIndicator:
    """An indicator; what is None or empty is not shared, or not known."""

    title: str
    unit: str
    baseline: float | None
    value: float | None
    target: float | None
    target_date: date | None
    evidence: str
    verdict: Verdict


@dataclass(frozen=True)
class SharedObjective:
    """An outcome."""

    title: str
    why: str
    target_date: date | None
    reached_on: date | None
    indicators: tuple[SharedIndicator, ...]
    verdict: Verdict


@dataclass(frozen=True)
class SharedStep:
    """A milestone or a task with the owners of both sides."""

    kind: str
    title: str
    due_date: date | None
    ours: str
    theirs: str
    objective: str
    after: tuple[str, ...]
    done_on: date | None
    is_overdue: bool


@dataclass(frozen=True)
class SharedOpinion:
    """What somebody of theirs calls success, where that may be shown."""

    text: str
    person: str
    resolution: str


@dataclass(frozen=True)
class SharedAgreement:
    """Who agreed, when and how."""

    number: int
    name: str
    on: date | None
    how: str


@dataclass(frozen=True)
class SharedPlan:
    """The whole plan for its customer."""

    account_name: str
    vision: str
    cadence: str
    objectives: tuple[SharedObjective, ...]
    steps: tuple[SharedStep, ...]
    opinions: tuple[SharedOpinion, ...]
    agreed: SharedAgreement | None
    begun: date
    day: date


def find(*, account: str, seen_by: Scope, day: date) -> SharedPlan:
    """An account's plan as its customer may see it; refuses where there is none. The queries of `plans.find`."""
    return of(plans.find(account=account, seen_by=seen_by, day=day))


def of(plan: PlanView) -> SharedPlan:
    """The shared part of a plan."""
    doc = plan.doc
    head = visibility.shared(
        "plan", doc.labels, {"vision": doc.vision, "cadence": doc.cadence, "notes": doc.notes}
    )
    said = head or {}
    objectives = tuple(_each(_objective(one, plan.day) for one in plan.objectives))
    return SharedPlan(
        account_name=plan.account_name,
        vision=said.get("vision", ""),
        cadence=said.get("cadence", ""),
        objectives=objectives,
        steps=_steps(plan, {one.title for one in objectives}),
        opinions=tuple(_each(map(_opinion, plan.opinions))),
        agreed=_agreed(plan.versions),
        begun=plan.created_at.date(),
        day=plan.day,
    )


def _each(found: Iterable[Any]) -> Iterable[Any]:
    return (one for one in found if one is not None)


def _objective(one: ObjectiveView, day: date) -> SharedObjective | None:
    doc = one.doc
    said = visibility.shared(
        "objective",
        doc.labels,
        {
            "title": doc.title,
            "why": doc.why,
            "target_date": doc.target_date,
            "reached": one.reached_on,
            "notes": doc.notes,
        },
    )
    if said is None:
        return None
    indicators = tuple(_each(_indicator(each, day) for each in one.indicators))
    until, reached = said.get("target_date"), said.get("reached")
    judged = [(each.title, each.verdict) for each in indicators]
    verdict = judging.objective(judged, reached_on=reached, until=until, today=day)
    return SharedObjective(said["title"], said.get("why", ""), until, reached, indicators, verdict)


def _indicator(one: IndicatorView, day: date) -> SharedIndicator | None:
    doc, stands = one.doc, one.stands
    values: Mapping[str, Any] = {
        "title": doc.title, "unit": doc.unit, "value": stands.value, "baseline": doc.baseline, "target": doc.target,
        "target_date": doc.target_date, "metric": doc.metric, "trigger": doc.trigger, "notes": doc.notes,
    }  # fmt: skip
    said = visibility.shared("indicator", doc.labels, values)
    if said is None:
        return None
    read = visibility.shared(
        "reading", stands.labels or {}, {"value": stands.value, "evidence": stands.evidence}
    )
    value = said.get("value") if read is not None else None
    course = Course(
        doc.better, said.get("unit", ""), said.get("baseline"), one.baseline_on if "baseline" in said else None,
        said.get("target"), said.get("target_date"), said.get("trigger"),
    )  # fmt: skip
    verdict = judging.indicator(course, value, unknown="", today=day)
    return SharedIndicator(
        title=said["title"],
        unit=said.get("unit", ""),
        baseline=said.get("baseline"),
        value=value,
        target=said.get("target"),
        target_date=said.get("target_date"),
        evidence=(read or {}).get("evidence", "") if value is not None else "",
        verdict=verdict,
    )


def _steps(plan: PlanView, objectives: set[str]) -> tuple[SharedStep, ...]:
    told = [(one, _said_of(one)) for one in plan.steps]
    shown = {one.doc.title for one, said in told if said is not None}
    return tuple(_step(one, said, objectives, shown, plan.day) for one, said in told if said is not None)


def _said_of(one: StepView) -> dict[str, Any] | None:
    doc = one.doc
    values = {
        "title": doc.title, "due_date": doc.due_date, "ours": one.ours, "theirs": one.theirs,
        "objective": one.objective, "after": one.after, "done": one.done_on, "notes": doc.notes,
    }  # fmt: skip
    return visibility.shared("step", doc.labels, values)


def _step(
    one: StepView, said: Mapping[str, Any], objectives: set[str], shown: set[str], day: date
) -> SharedStep:
    due, done, objective = said.get("due_date"), said.get("done"), said.get("objective", "")
    return SharedStep(
        kind=one.doc.kind,
        title=said["title"],
        due_date=due,
        ours=said.get("ours", ""),
        theirs=said.get("theirs", ""),
        objective=objective if objective in objectives else "",
        after=tuple(title for title in said.get("after", ()) if title in shown),
        done_on=done,
        is_overdue=done is None and "done" in said and due is not None and due < day,
    )


def _opinion(one: OpinionView) -> SharedOpinion | None:
    said = visibility.shared(
        "opinion", one.labels, {"text": one.text, "person": one.person, "resolution": one.resolution}
    )
    return (
        None
        if said is None
        else SharedOpinion(said["text"], said.get("person", ""), said.get("resolution", ""))
    )


def _agreed(versions: tuple[VersionView, ...]) -> SharedAgreement | None:
    last = next((one for one in versions if one.made == "agreed"), None)
    if last is None:
        return None
    said = visibility.shared(
        "agreement", {}, {"on": last.on, "name": last.name, "how": last.how, "note": last.note}
    )
    return None if said is None else SharedAgreement(last.number, said["name"], said["on"], said["how"])


def redactor(plan: PlanView) -> Redactor:
    """What takes the account, its people and ours out of a plan's texts. Two queries."""
    people = names(account_id=plan.account_id)
    return Redactor(account=(plan.account_name, plan.account_key), people=people)


def names(*, account_id: int) -> tuple[str, ...]:
    """Everybody whose name a redacted copy must not have: people of the customer's, and ours who own steps. Two queries."""
    theirs = Stakeholder.objects.filter(account=account_id).values_list(
        "person__name", "person__key", "person__email"
    )
    ours = models.PlanStep.objects.filter(plan__account=account_id, ours__isnull=False).values_list(
        "ours__name", "ours__email"
    )
    return tuple(sorted({name for row in (*theirs, *ours) for name in row if name}, key=len, reverse=True))
