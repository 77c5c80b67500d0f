"""Plans to begin from: days are counted from the beginning, people are roles, figures may hang on the baseline. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from keepwell.kernel.errors import Invalid
from keepwell.outcomes.document import Cadence, IndicatorDoc, ObjectiveDoc, PlanDoc, StepDoc
from keepwell.outcomes.formulas.redacting import Redactor

MOST_DAYS = 1100


class TemplateIndicator(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """`target` and `trigger` as figures, or as a change of the baseline in percent."""

    title: str
    metric: str = ""
    unit: str = ""
    better: Literal["up", "down"] = "up"
    target: float | None = None
    target_change: float | None = None
    trigger: float | None = None
    trigger_change: float | None = None
    notes: str = ""


class TemplateObjective(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """An outcome, until so many days from the beginning."""

    title: str
    slug: str = ""
    why: str = ""
    in_days: int = 180
    notes: str = ""
    indicators: tuple[TemplateIndicator, ...] = ()


class TemplateStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A milestone or a task, due so many days from the beginning, by roles on both sides."""

    title: str
    slug: str
    in_days: int
    kind: Literal["milestone", "task"] = "milestone"
    objective: str = ""
    our_role: str = ""
    their_role: str = ""
    after: tuple[str, ...] = ()
    notes: str = ""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A whole plan to begin from; `sentence` says for whom it is."""

    sentence: str
    vision: str
    cadence: Cadence = ""
    objectives: tuple[TemplateObjective, ...]
    steps: tuple[TemplateStep, ...] = ()


@dataclass(frozen=True)
class People:
    """Who holds which role: e-mail addresses of ours, keys of theirs."""

    ours: Mapping[str, str]
    theirs: Mapping[str, str]


def read(given: Any) -> Template:
    """The template that tables state; refuses with the place and what is allowed there."""
    try:
        said = msgspec.convert(given, Template)
    except msgspec.ValidationError as error:
        raise Invalid("The plan template cannot be read: %(error)s.", error=str(error)) from None
    days = [one.in_days for one in (*said.objectives,)] + [one.in_days for one in said.steps]
    if not said.objectives or any(not 0 <= day <= MOST_DAYS for day in days):
        raise Invalid("A plan template has an outcome at least, and days from 0 to %(most)s.", most=MOST_DAYS)
    return said


def written(said: Template) -> dict[str, Any]:
    """The same as tables."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(said))
    return told


def metrics(said: Template) -> frozenset[str]:
    """The metrics that its indicators are bound to."""
    return frozenset(each.metric for one in said.objectives for each in one.indicators if each.metric)


def roles(said: Template, side: str) -> frozenset[str]:
    """The roles that its steps name."""
    return frozenset(getattr(one, side) for one in said.steps if getattr(one, side))


def filled(
    said: Template, *, today: date, values: Mapping[str, float], known: Collection[str], people: People
) -> PlanDoc:
    """The plan of an account that begins today. An indicator whose metric is not measured here is read by hand."""
    objectives = tuple(
        ObjectiveDoc(
            title=one.title, slug=one.slug, why=one.why, target_date=today + timedelta(days=one.in_days), notes=one.notes,
            indicators=tuple(_indicator(each, one.in_days, today, values, known) for each in one.indicators),
        )
        for one in said.objectives
    )  # fmt: skip
    steps = tuple(
        StepDoc(
            title=one.title, slug=one.slug, kind=one.kind, objective=one.objective,
            due_date=today + timedelta(days=one.in_days), ours=people.ours.get(one.our_role, ""),
            theirs=people.theirs.get(one.their_role, ""), after=one.after, notes=one.notes,
        )
        for one in said.steps
    )  # fmt: skip
    return PlanDoc(vision=said.vision, cadence=said.cadence, objectives=objectives, steps=steps)


def _indicator(
    one: TemplateIndicator, in_days: int, today: date, values: Mapping[str, float], known: Collection[str]
) -> IndicatorDoc:
    baseline = values.get(one.metric)
    target = _figure(one.target, one.target_change, baseline)
    trigger = _figure(one.trigger, one.trigger_change, baseline)
    if (
        target is not None
        and trigger is not None
        and (trigger > target if one.better == "up" else trigger < target)
    ):
        trigger = None  # the baseline lies beyond the target already
    return IndicatorDoc(
        title=one.title, metric=one.metric if one.metric in known else "", unit=one.unit, better=one.better,
        baseline=baseline, target=target, target_date=today + timedelta(days=in_days), trigger=trigger, notes=one.notes,
    )  # fmt: skip


def _figure(said: float | None, change: float | None, baseline: float | None) -> float | None:
    if said is not None or change is None or baseline is None:
        return said
    return round(baseline * (1 + change / 100), 4)


def like(doc: PlanDoc, *, shift: timedelta, values: Mapping[str, float], names: Collection[str]) -> PlanDoc:
    """Another account's plan to begin from: without notes, people and figures of theirs, and without their name."""
    clean = Redactor(account=names, people=()).clean

    def moved(day: date | None) -> date | None:
        return None if day is None else day + shift

    def indicator(one: IndicatorDoc) -> IndicatorDoc:
        return msgspec.structs.replace(
            one, title=clean(one.title), slug="", notes="", baseline=values.get(one.metric), target_date=moved(one.target_date),
            trigger=None,
        )  # fmt: skip

    objectives = tuple(
        msgspec.structs.replace(
            one, title=clean(one.title), why=clean(one.why), notes="", target_date=moved(one.target_date),
            indicators=tuple(map(indicator, one.indicators)),
        )
        for one in doc.objectives
    )  # fmt: skip
    steps = tuple(
        msgspec.structs.replace(
            one, title=clean(one.title), due_date=moved(one.due_date), ours="", theirs="", notes=""
        )
        for one in doc.steps
    )
    return msgspec.structs.replace(
        doc, vision=clean(doc.vision), notes="", objectives=objectives, steps=steps
    )
