"""What the list of measures says: each metric's definition by its group, and the settings that metrics need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.parts import sentence
from keepwell.metrics.catalogue import GROUPS, Metric

CORE = "core_feature_adoption"
TITLES = {
    "usage": "Usage", "adoption": "Adoption", "relationship": "Relationship", "service": "Service",
    "voice": "Voice of the customer", "value": "Time to value", "delivery": "Delivery",
    "commercial": "Commercial", "custom": "Your own",
}  # fmt: skip


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
    """Definitions, and which features are core; `search` is what was looked for."""

    state: str
    search: str
    found: str
    groups: tuple[GroupRows, ...]
    features: tuple[Option, ...]
    others: str
    core_state: str
    may_change: bool
    refused: str = ""


def page(
    metrics: Sequence[Metric],
    *,
    seen: Sequence[str],
    parameters: Mapping[str, Mapping[str, Any]],
    may_change: bool,
    search: str = "",
    refused: str = "",
) -> MeasuresPage:
    """`seen` are the features that any account ever used, most used first."""
    core = tuple(parameters.get(CORE, {}).get("features", ()))
    met = [metric for metric in metrics if _meets(metric, search)]
    own = sum(1 for metric in metrics if not metric.builtin)
    return MeasuresPage(
        state=f"{words.count(len(metrics), 'measure')}, {own or 'none'} of them your own; "
        "every score, segment and chart is made of them.",
        search=search,
        found=f"{len(met)} of {len(metrics)}" if search else "",
        groups=tuple(
            GroupRows(TITLES[group], rows)
            for group in GROUPS
            if (rows := tuple(_row(metric) for metric in met if metric.group == group))
        ),
        features=tuple(Option(feature, feature, feature in core) for feature in seen),
        others="\n".join(feature for feature in core if feature not in seen),
        core_state=f"{words.count(len(core), 'core feature')} declared."
        if core
        else "None is declared yet, so core-feature adoption is unknown for every account.",
        may_change=may_change,
        refused=refused,
    )


def lacks_core_features(parameters: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether adoption is unknown for everybody because nobody has said which features are core."""
    return not parameters.get(CORE, {}).get("features")


def window(metric: Metric) -> str:
    """How far it looks back."""
    return "as far back as known" if metric.window_days is None else words.count(metric.window_days, "day")


def better(metric: Metric) -> str:
    """Which way is better."""
    return "more is better" if metric.better == "up" else "less is better"


def _meets(metric: Metric, search: str) -> bool:
    told = f"{metric.title} {metric.slug} {metric.sentence} {metric.unit} {TITLES[metric.group]}".lower()
    return all(word in told for word in search.lower().split())


def _row(metric: Metric) -> MeasureRow:
    return MeasureRow(
        metric.slug,
        reverse("measure", args=(metric.slug,)),
        metric.title,
        metric.sentence,
        metric.unit,
        window(metric),
        better(metric),
        sentence(metric.unknown_when),
        not metric.builtin,
    )
