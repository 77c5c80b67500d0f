"""What a later stage lets conditions ask about an account, such as its score."""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, Protocol

import polars as pl


class Column(NamedTuple):
    """A subject of conditions: its name, its title, what it holds, and the only values it has if it has such, with their words.

    One that is `windowed` is asked over a span of days; where it is a `change` its sentence says that it fell or rose.
    """

    slug: str
    title: str
    kind: Literal["text", "number", "day", "truth"]
    unit: str = ""
    choices: tuple[str, ...] = ()
    windowed: bool = False
    change: bool = False
    words: tuple[str, ...] = ()


class Columns(Protocol):
    """Subjects whose values stand in a stage's own tables."""

    declared: Sequence[Column]

    def on_days(self, asked: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
        """`asked` (account_id, as_of) with a column for each name; null where it is not known.

        The name of a windowed subject has its span of days after an @.
        """
