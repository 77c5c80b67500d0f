"""What a list of accounts is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from keepwell.metrics.conditions.tree import Condition


class Order(NamedTuple):
    """One order of rows, by the name of a column; what is not known comes last in either direction."""

    column: str
    descending: bool = False


HEALTH = (Order("health"),)


@dataclass(frozen=True)
class Question:
    """Which accounts, in which order, in which groups, with which columns; all states of a list but the place in it.

    `owner_id` narrows to what one person owns. `condition` is asked as the list shows things now: an override is seen, and
    segments are asked as they are stored. `as_of` asks for a past day, of which fewer columns are known.
    """

    search: str = ""
    band: str = ""
    former: bool = False
    owner_id: int | None = None
    condition: Condition | None = None
    order: tuple[Order, ...] = HEALTH
    group: str = ""
    columns: tuple[str, ...] = ()
    as_of: date | None = None
