"""What the measures page says: each metric's definition, and the settings that metrics need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.parts import sentence
from keepwell.metrics.catalogue import Metric

CORE = "core_feature_adoption"


@dataclass(frozen=True)
class MeasureRow:
    """A metric and its definition."""

    slug: str
    title: str
    sentence: str
    unit: str
    window: str
    better: str
    unknown_when: str


@dataclass(frozen=True)
class MeasuresPage:
    """Definitions, and which features are core."""

    state: str
    measures: tuple[MeasureRow, ...]
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
    refused: str = "",
) -> MeasuresPage:
    """`seen` are the features that any account ever used, most used first."""
    core = tuple(parameters.get(CORE, {}).get("features", ()))
    return MeasuresPage(
        state=f"{words.count(len(metrics), 'measure')}; every score, rule and chart is made of them.",
        measures=tuple(_row(metric) for metric in metrics),
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


def _row(metric: Metric) -> MeasureRow:
    window = "as far back as known" if metric.window_days is None else words.count(metric.window_days, "day")
    return MeasureRow(
        metric.slug,
        metric.title,
        metric.sentence,
        metric.unit,
        window,
        "more is better" if metric.better == "up" else "less is better",
        sentence(metric.unknown_when),
    )
