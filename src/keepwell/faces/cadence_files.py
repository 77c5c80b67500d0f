"""Cadences and outputs as rows of a file, for pages and the API alike."""

from collections.abc import Iterable, Iterator, Sequence

from keepwell.plays.queries import cadences
from keepwell.plays.queries.cadence_book import BookRow
from keepwell.plays.queries.outputs import OutputView

BOOK_COLUMNS = (
    "account", "account_name", "band", "state", "rule", "last", "due", "outputs_overdue", "arr", "currency",
)  # fmt: skip
OUTPUT_COLUMNS = (
    "account", "account_name", "phase", "output", "title", "owner", "due", "state", "done_at", "done_by", "link", "note",
)  # fmt: skip


def book(found: Iterable[BookRow]) -> Iterator[Sequence[object]]:
    """One row an account: the rule that is broken, else the one that is due first."""
    for one in found:
        shown = one.standing.broken[0] if one.standing.broken else one.standing.next
        yield (
            one.key, one.name, one.band, one.standing.state,
            "" if shown is None else cadences.rule_said(shown.duty),
            "" if shown is None else shown.last or "", "" if shown is None else shown.due or "", one.overdue,
            one.arr.amount if one.arr else "", one.arr.currency if one.arr else "",
        )  # fmt: skip


def outputs(found: Iterable[OutputView]) -> Iterator[Sequence[object]]:
    """One row an output."""
    for one in found:
        yield (
            one.account_key, one.account_name, one.phase, one.output, one.title, " ".join(one.owner), one.due or "",
            one.how, one.done_at.isoformat() if one.done_at else "", one.done_by, one.link, one.note,
        )  # fmt: skip
