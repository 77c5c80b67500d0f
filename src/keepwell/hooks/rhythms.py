"""Whether customers are met as often as is asked: a later stage says it, and what is counted of books rests on its answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol


class Rhythms(Protocol):
    """Says of accounts whether they are met as often as is asked."""

    def definition(self) -> Any:
        """What its answers depend on besides facts; stored answers are asked for anew once it is another."""

    def states(self, *, bands: Mapping[int, str], as_of: date) -> Mapping[int, str]:
        """kept, late, unknown or unasked by account, of accounts with their band on a day; a fixed number of queries."""
