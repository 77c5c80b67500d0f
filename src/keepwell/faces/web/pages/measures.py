"""What the list of measures says: each metric's definition by its group, and the settings that metrics need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.parts import sentence
from keepwell.kernel import speech
from keepwell.metrics.catalogue import GROUPS, Metric

CORE = "core_feature_adoption"
TITLES = {
    "usage": speech.later("Usage"),
    "adoption": speech.later("Adoption"),
    "relationship": speech.later("Relationship"),
    "service": speech.later("Service"),
    "voice": speech.later("Voice of the customer"),
    "value": speech.later("Time to value"),
    "delivery": speech.later("Delivery"),
    "commercial": speech.later("Commercial"),
    "custom": speech.later("Your own"),
}


@dataclass(frozen=True)
class MeasureRow:
    """A metric and its definition."""

    slug: str
    href: str
    title: str
    sentence: str
    unit: str
    window: str
    better: str
    unknown_when: str
    is_own: bool


@dataclass(frozen=True)
class GroupRows:
    """The metrics of a group."""

    title: str
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class MeasuresPage:
    """Definitions, and which features are core; `search` is what was looked for.

    `awaits`: the form, which names every feature that was used, is asked for by itself.
    """

    state: str
    search: str
    found: str
    groups: tuple[GroupRows, ...]
    features: tuple[Option, ...]
    others: str
    core_state: str
    may_change: bool
    awaits: bool
    refused: str = ""


def page(
    metrics: Sequence[Metric],
    *,
    seen: Sequence[str] | None,
    parameters: Mapping[str, Mapping[str, Any]],
    may_change: bool,
    search: str = "",
    refused: str = "",
) -> MeasuresPage:
    """`seen` are the features that any account ever used, most used first; None where nobody looked yet."""
    core = tuple(parameters.get(CORE, {}).get("features", ()))
    met = [metric for metric in metrics if _meets(metric, search)]
    own = sum(1 for metric in metrics if not metric.builtin)
    return MeasuresPage(
        state=speech.told(
            "%(measures)s, %(own)s of them your own; every score, segment and chart is made of them.",
            measures=words.count(len(metrics), "measure"),
            own=own or "none",
        ),
        search=search,
        found=speech.told("%(n)s of %(n2)s", n=len(met), n2=len(metrics)) if search else "",
        groups=tuple(
            GroupRows(TITLES[group], rows)
            for group in GROUPS
            if (rows := tuple(_row(metric) for metric in met if metric.group == group))
        ),
        features=tuple(
            Option(feature, feature, feature in core) for feature in (core if seen is None else seen)
        ),
        others="\n".join(feature for feature in core if seen is not None and feature not in seen),
        core_state=speech.told(
            "%(core_features)s declared.", core_features=words.count(len(core), "core feature")
        )
        if core
        else speech.told("None is declared yet, so core-feature adoption is unknown for every account."),
        may_change=may_change,
        awaits=may_change and seen is None,
        refused=refused,
    )


def lacks_core_features(parameters: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether adoption is unknown for everybody because nobody has said which features are core."""
    return not parameters.get(CORE, {}).get("features")


def window(metric: Metric) -> str:
    """How far it looks back."""
    return (
        speech.told("as far back as known")
        if metric.window_days is None
        else words.count(metric.window_days, "day")
    )


def better(metric: Metric) -> str:
    """Which way is better."""
    return speech.told("more is better") if metric.better == "up" else speech.told("less is better")


def _meets(metric: Metric, search: str) -> bool:
    told = f"{metric.title} {metric.slug} {metric.sentence} {metric.unit} {TITLES[metric.group]}".lower()
    return all(word in told for word in search.lower().split())


def _row(metric: Metric) -> MeasureRow:
    return MeasureRow(
        metric.slug,
        reverse("measure", args=(metric.slug,)),
        metric.title,
        metric.sentence,
        speech.told(metric.unit) if metric.unit else "",
        window(metric),
        better(metric),
        sentence(metric.unknown_when),
        not metric.builtin,
    )
