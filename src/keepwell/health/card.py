"""What a scorecard is: parts with weights and scales, groups, exceptions, and what to do where nothing is known."""

from dataclasses import dataclass

from keepwell.health.formulas.scales import Scale
from keepwell.health.formulas.thresholds import Threshold
from keepwell.health.subjects import METRIC
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.conditions.tree import Condition, leaves

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
    def chosen_by(self) -> frozenset[str]:
        """The columns that decide whether it applies, named as the grammar names them."""
        return _columns(() if self.applies is None else (self.applies,))

    @property
    def excepted_by(self) -> frozenset[str]:
        """The columns that its exceptions ask for."""
        return _columns(tuple(case.when for part in self.parts for case in part.cases))

    @property
    def asks(self) -> frozenset[str]:
        """Every column that its conditions ask for."""
        return self.chosen_by | self.excepted_by

    @property
    def metrics(self) -> frozenset[str]:
        """Every metric that it needs: of its parts, of their age, and of its conditions."""
        own = {metric.slug for part in self.parts for metric in (part.metric, part.since) if metric}
        return frozenset(own | {column.removeprefix(METRIC) for column in self.asks if column.startswith(METRIC)})


def _columns(conditions: tuple[Condition, ...]) -> frozenset[str]:
    return frozenset(leaf.column for condition in conditions for leaf in leaves(condition))
