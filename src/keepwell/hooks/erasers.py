"""What a stage says about the personal data that it holds: where it is found, erased and exported."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from keepwell.hooks.subjects import Subject

Counts = Mapping[str, int]


class Known(NamedTuple):
    """One thing known about a person: what kind of thing it is, and what is known."""

    noun: str
    values: Mapping[str, object]


class Eraser(Protocol):
    """A place that may hold something about a customer's person.

    `find` after `erase` gives zero everywhere; `erase` twice does no harm, so that one that was interrupted is simply
    asked again. Counts are of rows, events or lines, by what they are in words.
    """

    slug: str
    title: str
    holds: str

    def find(self, subject: Subject) -> Counts:
        """How much is here about the person; changes nothing."""

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """Take everything away that tells who it was; `pseudonyms` stand for the person's keys. Gives what was done."""

    def export(self, subject: Subject) -> Iterable[Known]:
        """Everything that is known here about the person."""
