"""A plan as one document: what is written, kept as a version, sent by programs, compared. Pure.

A template is the same with days counted from its beginning (`in_days`), roles for people, and targets as a change from the
baseline where that is not known yet.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal

import msgspec

from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import within_reach
from keepwell.outcomes import visibility

TOP = 3
MOST_OBJECTIVES, MOST_INDICATORS, MOST_STEPS = 10, 8, 100
TITLE_LENGTH, TEXT_LENGTH = 300, 10_000
LARGEST = 1e15
Cadence = Literal["", "weekly", "biweekly", "monthly", "quarterly"]
# Why more than three are too many; shown, never refused.
TOO_MANY = speech.later(
    "More than three outcomes. A sponsor can say three from memory; each one beyond them gets less of everybody's week. "
    "Keep the three that the renewal hangs on, and put the others into a later version."
)


class IndicatorDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How an outcome shows early; by a metric, or read by hand."""

    title: str
    slug: str = ""
    metric: str = ""
    unit: str = ""
    better: Literal["up", "down"] = "up"
    baseline: float | None = None
    target: float | None = None
    target_date: date | None = None
    trigger: float | None = None
    notes: str = ""
    labels: dict[str, str] = {}


class ObjectiveDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A business outcome with its indicators."""

    title: str
    slug: str = ""
    why: str = ""
    target_date: date | None = None
    notes: str = ""
    labels: dict[str, str] = {}
    indicators: tuple[IndicatorDoc, ...] = ()


class StepDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A milestone or a task; `ours` is an e-mail address, `theirs` the key of one of their people."""

    title: str
    slug: str = ""
    kind: Literal["milestone", "task"] = "milestone"
    objective: str = ""
    due_date: date | None = None
    ours: str = ""
    theirs: str = ""
    after: tuple[str, ...] = ()
    notes: str = ""
    labels: dict[str, str] = {}


class PlanDoc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The whole plan."""

    vision: str = ""
    cadence: Cadence = ""
    notes: str = ""
    labels: dict[str, str] = {}
    objectives: tuple[ObjectiveDoc, ...] = ()
    steps: tuple[StepDoc, ...] = ()


def read(given: Any) -> PlanDoc:
    """The document that tables or JSON state; refuses with the place and what is allowed there."""
    try:
        told = msgspec.convert(given, PlanDoc)
    except msgspec.ValidationError as error:
        raise Invalid("The plan cannot be read: %(error)s.", error=str(error)) from None
    return checked(told)


def written(doc: PlanDoc) -> dict[str, Any]:
    """The same as tables, without what is left empty."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(doc))
    return told


def checked(doc: PlanDoc) -> PlanDoc:
    """The document with a slug for everything; refuses what contradicts itself."""
    _limits(doc)
    _days(doc)
    named = _named([one.slug for one in doc.objectives], [one.title for one in doc.objectives])
    objectives = [
        msgspec.structs.replace(
            one, slug=slug, title=_title(one.title), labels=visibility.checked("objective", one.labels)
        )
        for one, slug in zip(doc.objectives, named, strict=True)
    ]
    flat = [indicator for one in objectives for indicator in one.indicators]
    names = iter(_named([one.slug for one in flat], [one.title for one in flat]))
    objectives = [
        msgspec.structs.replace(one, indicators=tuple(_indicator(i, next(names)) for i in one.indicators))
        for one in objectives
    ]
    steps = _steps(doc.steps, {one.slug for one in objectives})
    labels = visibility.checked("plan", doc.labels)
    return msgspec.structs.replace(doc, labels=labels, objectives=tuple(objectives), steps=steps)


def _limits(doc: PlanDoc) -> None:
    for found, most, what in (
        (len(doc.objectives), MOST_OBJECTIVES, "objectives"),
        (max((len(one.indicators) for one in doc.objectives), default=0), MOST_INDICATORS, "indicators"),
        (len(doc.steps), MOST_STEPS, "steps"),
    ):
        if found > most:
            raise Invalid(
                "A plan has at most %(most)s %(what)s, not %(found)s.", most=most, what=what, found=found
            )
    texts = [doc.vision, doc.notes, *(one.why for one in doc.objectives)]
    texts += [one.notes for one in doc.objectives]
    texts += [one.notes for one in doc.steps]
    if any(len(text) > TEXT_LENGTH for text in texts):
        raise Invalid("A text of a plan has at most %(most)s characters.", most=TEXT_LENGTH)


def _days(doc: PlanDoc) -> None:
    flat = [each for one in doc.objectives for each in one.indicators]
    days = [one.target_date for one in doc.objectives] + [one.target_date for one in flat]
    for day in (*days, *(one.due_date for one in doc.steps)):
        if day is not None:
            within_reach(day)
    figures = [
        figure for one in flat for figure in (one.baseline, one.target, one.trigger) if figure is not None
    ]
    if any(not abs(figure) <= LARGEST for figure in figures):
        raise Invalid("A figure of a plan lies between -1e15 and 1e15.")


def _title(title: str) -> str:
    said = title.strip()
    if not said or len(said) > TITLE_LENGTH:
        raise Invalid("Everything in a plan needs a title of 1 to %(most)s characters.", most=TITLE_LENGTH)
    return said


def _named(given: Sequence[str], titles: Sequence[str]) -> list[str]:
    """A slug for each, its own or one made of its title; refuses one that is there twice."""
    own = [slugs.checked(slug) for slug in given if slug]
    if twice := sorted({slug for slug in own if own.count(slug) > 1}):
        raise Invalid('"%(slug)s" is there twice in the plan.', slug=twice[0])
    taken, found = set(own), []
    for slug, title in zip(given, titles, strict=True):
        found.append(slug or _free(slugs.made_of(_title(title)), taken))
        taken.add(found[-1])
    return found


def _free(slug: str, taken: set[str]) -> str:
    ways = (slug if number == 1 else f"{slug[:58]}-{number}" for number in range(1, 1000))
    return next(way for way in ways if way not in taken)


def _indicator(one: IndicatorDoc, slug: str) -> IndicatorDoc:
    labels = visibility.checked("indicator", one.labels)
    if one.trigger is not None and one.target is not None:
        is_past = one.trigger > one.target if one.better == "up" else one.trigger < one.target
        if is_past:
            raise Invalid(
                '"%(title)s" would alarm at %(trigger)s although its target is %(target)s. '
                "Set the trigger on the near side of the target.",
                title=one.title,
                trigger=f"{one.trigger:g}",
                target=f"{one.target:g}",
            )
    return msgspec.structs.replace(one, slug=slug, title=_title(one.title), labels=labels)


def _steps(given: Sequence[StepDoc], objectives: set[str]) -> tuple[StepDoc, ...]:
    names = _named([one.slug for one in given], [one.title for one in given])
    for one in given:
        if one.objective and one.objective not in objectives:
            raise Invalid('"%(title)s" is for an outcome that is not there: %(objective)s.',
                          title=one.title, objective=one.objective)  # fmt: skip
        if unknown := [slug for slug in one.after if slug not in names]:
            raise Invalid('"%(title)s" comes after "%(after)s", which is not there.',
                          title=one.title, after=unknown[0])  # fmt: skip
    _in_order({slug: one.after for slug, one in zip(names, given, strict=True)})
    return tuple(
        msgspec.structs.replace(
            one, slug=slug, title=_title(one.title), labels=visibility.checked("step", one.labels)
        )
        for one, slug in zip(given, names, strict=True)
    )


def _in_order(after: Mapping[str, Sequence[str]]) -> None:
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        raise Invalid("Steps cannot wait for each other: %(path)s.", path=" → ".join(error.args[1])) from None
