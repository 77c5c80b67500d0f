"""What a stage lets people search for: rows of its tables, kept in one index, or a few things that it names when asked."""

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol


class Found(NamedTuple):
    """One thing that can be found.

    `number` is its row, `key` what its address is made of; it is found by `title` and by the words of `also`, and `hint`
    stands beside it. Whoever sees the account finds it; a row without one only who sees everything. Of equals the one with more
    `weight` (0 to 999) comes first.
    """

    number: int
    key: str
    title: str
    also: str = ""
    hint: str = ""
    account_id: int | None = None
    weight: int = 0


class Searchable(Protocol):
    """Rows of tables that one may search for.

    `watched` are the tables that they are told from: by table the column whose value `rows` is asked with. The stage's
    migration has them watched: `SELECT search_watch('table', 'number column', '{column,column}')`.
    """

    slug: str
    title: str
    one: str
    watched: Collection[str]

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """Which things a change in one of the tables concerns, by their number."""

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """Those of these numbers that there are, and that one may find."""

    def everything(self) -> Iterable[int]:
        """The numbers of all, for a rebuild."""


class Few(Protocol):
    """Things of which there are so few that they are named whenever somebody searches."""

    slug: str
    title: str
    one: str

    def all(self) -> Iterable[Found]:
        """All of them, whoever asks. At most one query."""
