"""The forms of a plan's pieces: each field beside the label that says who may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.outcomes import visibility
from keepwell.outcomes.document import IndicatorDoc, ObjectiveDoc, PlanDoc, StepDoc

TITLES: dict[str, tuple[str, str]] = {
    "plan": (speech.later("Success plan"), speech.later("Success plan")),
    "objective": (speech.later("New outcome"), speech.later("Outcome")),
    "indicator": (speech.later("New indicator"), speech.later("Indicator")),
    "step": (speech.later("New step"), speech.later("Step")),
}
# The fields that are typed, in order; the others of a noun only have a label.
LONG = ("vision", "why", "notes")
DAYS = ("target_date", "due_date")
NUMBERS = ("baseline", "target", "trigger")
BETTER = (
    ("", speech.later("As the measure has it")),
    ("up", speech.later("More is better")),
    ("down", speech.later("Less is better")),
)
KINDS = (("milestone", speech.later("Milestone")), ("task", speech.later("Task")))
CADENCES = (
    ("", speech.later("Not said")),
    ("weekly", speech.later("Every week")),
    ("biweekly", speech.later("Every two weeks")),
    ("monthly", speech.later("Every month")),
    ("quarterly", speech.later("Every quarter")),
)
HELP = {
    "metric": speech.later("Empty: somebody reads it by hand, with evidence."),
    "trigger": speech.later("Past this value it alarms: a signal, and a line on Today."),
    "target_date": speech.later("Progress is judged against the straight way to this day."),
    "after": speech.later("What has to be done before."),
}
# What is said of a piece that is not there yet.
FRESH_HELP = {
    "indicator": {
        "title": speech.later("Empty: as the measure is called."),
        "baseline": speech.later("Empty: what the measure says today."),
    }
}
EARLY = speech.later("Its value today is the baseline; an alarm stands a tenth on the worse side of it.")
BLANK: dict[str, Any] = {
    "objective": ObjectiveDoc(title=""),
    "indicator": IndicatorDoc(title=""),
    "step": StepDoc(title=""),
}


@dataclass(frozen=True)
class FormField:
    """A field of the form: how it is typed, what stands in it, who may see it."""

    slug: str
    title: str
    kind: str
    value: str
    help: str
    options: tuple[Option, ...]
    labels: tuple[Option, ...]


@dataclass(frozen=True)
class PiecePage:
    """The form of one piece."""

    key: str
    name: str
    title: str
    noun: str
    fields: tuple[FormField, ...]
    refused: str
    may_drop: bool
    back: str


@dataclass(frozen=True)
class Choices:
    """What may be chosen: (value, title)."""

    metrics: Sequence[tuple[str, str]] = ()
    colleagues: Sequence[tuple[str, str]] = ()
    people: Sequence[tuple[str, str]] = ()
    objectives: Sequence[tuple[str, str]] = ()
    steps: Sequence[tuple[str, str]] = ()


def found(doc: PlanDoc, noun: str, slug: str) -> tuple[Any, str] | None:
    """A piece of a plan, and the outcome that it belongs to."""
    if noun == "plan":
        return doc, ""
    if slug == "new":
        return BLANK[noun], ""
    if noun == "objective":
        return next(((one, "") for one in doc.objectives if one.slug == slug), None)
    if noun == "step":
        return next(((one, one.objective) for one in doc.steps if one.slug == slug), None)
    return next(
        ((each, one.slug) for one in doc.objectives for each in one.indicators if each.slug == slug), None
    )


def page(
    *,
    key: str,
    name: str,
    noun: str,
    slug: str,
    typed: Mapping[str, Any],
    choices: Choices,
    refused: str = "",
) -> PiecePage:
    """The form with what is typed in it; `typed` has the labels as `label-FIELD`."""
    fresh, known = TITLES[noun]
    declared = visibility.fields(noun)
    helped = HELP | (FRESH_HELP.get(noun, {}) if slug == "new" else {})
    fields = [_field(field, typed, choices, helped.get(field.slug, "")) for field in declared]
    if noun == "objective" and slug == "new":
        fields[3:3] = _early(typed, choices)
    if noun == "indicator":
        fields.sort(key=lambda one: one.slug != "metric")  # what is left empty follows from it
        fields.insert(0, _choice("objective", speech.told("Of which outcome"), choices.objectives, typed))
        fields.insert(5, _choice("better", speech.told("Which way is better"), BETTER, typed))
    if noun == "step":
        fields.insert(1, _choice("kind", speech.told("Kind"), KINDS, typed))
    return PiecePage(
        key=key,
        name=name,
        title=speech.said(fresh if slug == "new" else known),
        noun=noun,
        fields=tuple(fields),
        refused=refused,
        may_drop=noun != "plan" and slug != "new",
        back=reverse("account-plan", args=(key,)),
    )


def typed_of(piece: Any, noun: str, under: str) -> dict[str, Any]:
    """What stands in a piece, as the form has it."""
    told: dict[str, Any] = {
        field.slug: _text(getattr(piece, field.slug, "")) for field in visibility.fields(noun)
    }
    told |= {f"label-{slug}": said for slug, said in piece.labels.items()}
    if noun == "indicator":
        told |= {"objective": under, "better": piece.better if piece.slug else ""}
    if noun == "step":
        told |= {"kind": piece.kind, "after": list(piece.after)}
    return told


def _text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    return value.isoformat() if isinstance(value, date) else value


def _early(typed: Mapping[str, Any], choices: Choices) -> list[FormField]:
    """The first indicator of a new outcome, in two fields."""
    offered = (("", speech.told("Not said yet")), *choices.metrics)
    shown = _choice("early", speech.told("Shown early by"), offered, typed, help=speech.said(EARLY))
    target = FormField(
        "early_target", speech.told("Target"), "number", _shown(typed.get("early_target", "")), "", (), ()
    )
    return [shown, target]


def _field(field: visibility.Field, typed: Mapping[str, Any], choices: Choices, help: str) -> FormField:
    slug = field.slug
    said = typed.get(f"label-{slug}", field.label)
    labels = tuple(
        Option(value, speech.said(title), value == said) for value, title in visibility.LABELS.items()
    )
    offered: Sequence[tuple[str, str]] = {
        "cadence": CADENCES,
        "metric": (("", speech.told("Read by hand")), *choices.metrics),
        "ours": (("", speech.told("Nobody")), *choices.colleagues),
        "theirs": (("", speech.told("Nobody")), *choices.people),
        "objective": (("", speech.told("None")), *choices.objectives),
        "after": choices.steps,
    }.get(slug, ())
    value = typed.get(slug, "")
    chosen = value if isinstance(value, list) else [value]
    options = tuple(Option(one, speech.said(title), one in chosen) for one, title in offered)
    return FormField(
        slug,
        speech.said(field.title),
        _kind(slug),
        _shown(value),
        speech.said(help),
        options,
        labels,
    )


def _shown(value: Any) -> str:
    return "" if isinstance(value, list) else str(value)


def _kind(slug: str) -> str:
    if slug in ("reached", "value", "done"):
        return "label"
    if slug == "after":
        return "several"
    if slug in ("cadence", "metric", "ours", "theirs", "objective"):
        return "choice"
    return "long" if slug in LONG else "day" if slug in DAYS else "number" if slug in NUMBERS else "text"


def _choice(
    slug: str, title: str, offered: Sequence[tuple[str, str]], typed: Mapping[str, Any], help: str = ""
) -> FormField:
    options = tuple(Option(one, speech.said(said), one == typed.get(slug, "")) for one, said in offered)
    return FormField(slug, title, "choice", "", help, options, ())
