"""Business reviews as rows of a file."""

from collections.abc import Iterable, Iterator

from keepwell.outcomes.queries.review_book import DueRow
from keepwell.outcomes.queries.reviews import ReviewRow

COLUMNS = (
    "review", "account", "name", "kind", "title", "state", "starts_at", "minutes", "owner", "guests", "attended",
)  # fmt: skip
DUE_COLUMNS = ("account", "name", "arr", "currency", "due_on", "rule", "last_on", "owner")


def rows(found: Iterable[ReviewRow]) -> Iterator[tuple[object, ...]]:
    """A row for each review; who attended is empty before it was held."""
    for one in found:
        yield (
            one.id, one.account_key, one.account_name, one.kind, one.title, one.state, one.starts_at.isoformat(),
            one.minutes, one.owner, one.guests, one.attended if one.state == "held" else None,
        )  # fmt: skip


def due(found: Iterable[DueRow]) -> Iterator[tuple[object, ...]]:
    """A row for each account that waits for one."""
    for one in found:
        yield (
            one.key, one.name, one.arr.amount if one.arr else None, one.arr.currency if one.arr else None, one.due,
            one.rule, one.last, one.owner,
        )  # fmt: skip
