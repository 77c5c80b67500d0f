"""What became of the rows of a chunk."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from keepwell.intake.rows import Row, Unfit

Outcome = Literal["created", "updated", "unchanged", "duplicates", "conflicts", "rejected"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row for the dead letter."""

    number: int
    verdict: Literal["rejected", "conflict"]
    reason: str
    key: str
    content: dict[str, Any]


@dataclass
class Tally:
    """Counts by outcome, and the rows that go to the dead letter."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)

    def count(self, outcome: Outcome, rows: int = 1) -> None:
        """Count rows of one outcome."""
        self.counts[outcome] += rows

    def reject(self, unfit: Unfit, *, key: str = "") -> None:
        """A row that cannot be taken."""
        self.count("rejected")
        self.refused.append(Refused(unfit.number, "rejected", unfit.reason, key, unfit.content))

    def conflict(self, unfit: Unfit, row: Row) -> None:
        """A row that reuses the id of another event for other content."""
        self.count("conflicts")
        self.refused.append(Refused(unfit.number, "conflict", unfit.reason, row.key, unfit.content))

    def __iter__(self) -> Iterator[tuple[Outcome, int]]:
        return iter(self.counts.items())
