"""A book of success plans as rows of a file, one for each account."""

from collections.abc import Iterable, Iterator

from keepwell.outcomes.queries.book import PlanRow

BOOK_COLUMNS = (
    "account", "name", "state", "arr", "currency", "outcomes", "reached", "steps_overdue", "version", "confirmed_on",
    "renewal_date", "owner",
)  # fmt: skip


def book(rows: Iterable[PlanRow]) -> Iterator[tuple[object, ...]]:
    """A row for each account."""
    for one in rows:
        yield (
            one.key, one.name, one.state, one.arr.amount if one.arr else None, one.arr.currency if one.arr else None,
            one.objectives, one.reached, one.overdue, one.version, one.confirmed_at.date() if one.confirmed_at else None,
            one.renewal_date, one.owner,
        )  # fmt: skip
