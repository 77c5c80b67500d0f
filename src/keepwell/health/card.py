"""What a scorecard is: parts with weights and scales, groups, exceptions, and what to do where nothing is known."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from keepwell.health.formulas.scales import Scale
from keepwell.health.formulas.thresholds import Threshold
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.conditions.tree import Condition, leaves

METRIC = "metric."
MISSING = ("blind", "red", "yellow", "green", "leave_out")


@dataclass(frozen=True)
class Beside:
    """Bands of a kindred measure, stated beside a part for the reader; the score does not use them."""

    label: str
    unit: str
    green: Threshold
    red: Threshold


@dataclass(frozen=True)
class Case:
    """An exception: where `when` holds a part is judged by another scale, weighs otherwise, or does not apply."""

    when: Condition
    applies: bool
    scale: Scale | None
    weight: float | None
    why: str


@dataclass(frozen=True)
class Group:
    """Parts that make one score together, which weighs so much of the whole."""

    slug: str
    label: str
    weight: float


@dataclass(frozen=True)
class Part:
    """One measure of a card: which metric, how much it weighs inside its group, and from where it is green or red.

    The first exception in `cases` that holds is used. `since` counts the days since the last fact behind the metric: from
    more than `stale_after_days` on the value is not trusted. `missing` says what an unknown value means: "blind" widens
    the bracket, a band gives its points, "leave_out" hands the weight to the other parts.
    """

    measure: str
    metric: Metric
    label: str
    weight: float
    scale: Scale
    group: str = ""
    cases: tuple[Case, ...] = ()
    since: Metric | None = None
    stale_after_days: int | None = None
    missing: str = "blind"
    beside: tuple[Beside, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Card:
    """Parts with weights of 100 in a group, groups of 100 in all, the bands of the composite, how much must be known.

    It judges the accounts for which `applies` holds; None: all of them.
    """

    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    green: Threshold
    red: Threshold
    least_known_percent: float
    applies: Condition | None = None

    def share(self, part: Part) -> float:
        """How much a part's group weighs in the whole; 100 without groups."""
        return next((group.weight for group in self.groups if group.slug == part.group), 100.0)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must hold for the card to be used, and for its exceptions."""
        own = () if self.applies is None else (self.applies,)
        return (*own, *(case.when for part in self.parts for case in part.cases))

    @property
    def excepted_by(self) -> frozenset[str]:
        """The columns that its exceptions ask for, named as the grammar names them."""
        return _columns(tuple(case.when for part in self.parts for case in part.cases))

    def each(self, change: Callable[[Condition], Condition]) -> "Card":
        """The same with every condition changed."""
        parts = tuple(
            replace(part, cases=tuple(replace(case, when=change(case.when)) for case in part.cases))
            for part in self.parts
        )
        return replace(self, parts=parts, applies=None if self.applies is None else change(self.applies))

    @property
    def metrics(self) -> frozenset[str]:
        """Every metric that it needs: of its parts, of their age, and of its conditions."""
        own = {metric.slug for part in self.parts for metric in (part.metric, part.since) if metric}
        asked = _columns(self.conditions)
        return frozenset(own | {slug.removeprefix(METRIC) for slug in asked if slug.startswith(METRIC)})


def _columns(conditions: tuple[Condition, ...]) -> frozenset[str]:
    return frozenset(leaf.column for condition in conditions for leaf in leaves(condition))
