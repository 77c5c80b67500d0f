"""Where the rows of a kind stand in the ledger, and by which doors they are written, read and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from keepwell.access.scopes import Scope
from keepwell.ledger.actions import removals
from keepwell.ledger.actions.upserts import Row, Verdict
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import records


class Upsert(Protocol):
    """Creates or updates rows by key."""

    def __call__(
        self, *, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool
    ) -> list[Verdict]:
        """The verdicts in the order of the rows."""


class Remove(Protocol):
    """Takes rows away by key."""

    def __call__(self, model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
        """How many there were."""


@dataclass(frozen=True)
class Store:
    """A table of the ledger and its doors; `search` are the columns in which a text is looked for."""

    model: type[KeyedFact]
    upsert: Upsert
    search: tuple[str, ...] = ("key",)
    read: records.Read = records.read
    remove: Remove = removals.remove
