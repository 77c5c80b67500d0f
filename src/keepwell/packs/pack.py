"""What a practice pack holds."""

from dataclasses import dataclass
from typing import Any

from keepwell.metrics.catalogue import Metric
from keepwell.metrics.departures import Departure
from keepwell.outcomes.journey import Journey
from keepwell.plays.cadence import Cadence
from keepwell.plays.practice import Practice


@dataclass(frozen=True)
class SegmentFile:
    """A segment as a pack states it."""

    slug: str
    title: str
    sentence: str
    condition: dict[str, Any]


@dataclass(frozen=True)
class ScorecardFile:
    """A scorecard as a pack states it."""

    slug: str
    title: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class RuleFile:
    """A rule as a pack states it."""

    slug: str
    title: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class PlaybookFile:
    """A playbook as a pack states it."""

    slug: str
    title: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class PlanFile:
    """A success plan to begin from, as a pack states it."""

    slug: str
    title: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class ValueFile:
    """A value model to begin from, as a pack states it."""

    slug: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class Pack:
    """A practice pack: what it is for, what is measured, which accounts belong together, its scorecards and in which order
    they judge, its rules, playbooks, plans and value models to begin from, when a customer counts as gone, how incidents
    are answered and how often customers are met and by what their phases begin and end (None: that stays as it is declared).

    Segments come after those that they rest on.
    """

    slug: str
    title: str
    sentence: str
    version: int
    order: tuple[str, ...]
    departure: Departure | None
    practice: Practice | None
    metrics: tuple[Metric, ...]
    segments: tuple[SegmentFile, ...]
    scorecards: tuple[ScorecardFile, ...]
    rules: tuple[RuleFile, ...]
    playbooks: tuple[PlaybookFile, ...] = ()
    cadence: Cadence | None = None
    plans: tuple[PlanFile, ...] = ()
    value: tuple[ValueFile, ...] = ()
    journey: Journey | None = None
