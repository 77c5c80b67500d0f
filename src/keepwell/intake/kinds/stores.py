"""Where the rows of a kind stand in the ledger, and by which doors they are written, read and taken away."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

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


class TakeBack(Protocol):
    """Takes rows back by what tells them from others."""

    def __call__(self, *, keys: Sequence[str], by: Scope, at: datetime) -> int:
        """How many there were."""


@dataclass(frozen=True)
class Trace:
    """How rows that have no key of their own are told apart, read as their fields say them, and taken back."""

    keys: Callable[[Sequence[Mapping[str, Any]]], list[str]]
    read: Callable[[Collection[str]], Mapping[str, Mapping[str, Any]]]
    remove: TakeBack
