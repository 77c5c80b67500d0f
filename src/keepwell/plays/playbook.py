"""What a playbook is: when it starts, its steps and what they wait for, its goal, when it ends or pauses. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.tree import Condition

WAIT, BRANCH = "wait", "branch"
OF_FLOW = {WAIT: ("held", "timed_out"), BRANCH: ("yes", "no")}
OUTCOMES = {
    "done": "done", "approved": "approved", "refused": "refused", "yes": "yes", "no": "no", "held": "held",
    "timed_out": "not in time", "sent": "sent", "failed": "failed", "set": "set",
}  # fmt: skip


@dataclass(frozen=True)
class After:
    """A step that must be over first, perhaps in one way only."""

    step: str
    outcome: str = ""

    def __str__(self) -> str:
        return f"{self.step}:{self.outcome}" if self.outcome else self.step


@dataclass(frozen=True)
class Step:
    """One step: it begins `day` working days after those before it are over, and has `days` working days.

    `asks` is what a wait waits for and a branch asks; `said` is what its kind has to say.
    """

    slug: str
    title: str
    kind: str
    role: str
    after: tuple[After, ...]
    day: int
    days: int
    when: Condition | None
    asks: Condition | None
    said: Mapping[str, Any]

    @property
    def is_flow(self) -> bool:
        """Whether it only says how it goes on."""
        return self.kind in OF_FLOW


@dataclass(frozen=True)
class Starts:
    """What starts it besides a hand: rules that fire, phases that are entered, where `applies` holds."""

    rules: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    applies: Condition | None = None
    again_after_days: int = 0


@dataclass(frozen=True)
class Declared:
    """A playbook's definition, read; `written` is what is stored."""

    sentence: str
    starts: Starts
    goal: Condition | None
    exit: Condition | None
    pauses: Condition | None
    most_days: int
    steps: tuple[Step, ...]
    conditions: Mapping[str, Condition] = field(default_factory=dict)

    def step(self, slug: str) -> Step:
        """One of its steps."""
        return next(step for step in self.steps if step.slug == slug)

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes, with nothing left to what is usual."""
        said: dict[str, Any] = {"sentence": self.sentence, "most_days": self.most_days}
        starts: dict[str, Any] = {
            "rules": list(self.starts.rules),
            "phases": list(self.starts.phases),
            "again_after_days": self.starts.again_after_days,
        }
        if self.starts.applies is not None:
            starts["applies"] = tree.written(self.starts.applies)
        said["starts"] = starts
        for key, condition in (("goal", self.goal), ("exit", self.exit), ("pauses", self.pauses)):
            if condition is not None:
                said[key] = tree.written(condition)
        said["steps"] = [_written(step) for step in self.steps]
        return said


def _written(step: Step) -> dict[str, Any]:
    said: dict[str, Any] = {"slug": step.slug, "title": step.title, "kind": step.kind}
    if step.role:
        said["role"] = step.role
    said |= {"after": [str(after) for after in step.after], "day": step.day, "days": step.days}
    if step.when is not None:
        said["when"] = tree.written(step.when)
    if step.asks is not None:
        said["asks"] = tree.written(step.asks)
    return said | dict(step.said)
