"""Asks as rows of a file."""

from collections.abc import Iterable, Iterator, Sequence

from keepwell.outcomes.queries.advocacy import AskView

COLUMNS = (
    "ask", "account", "account_name", "person", "person_name", "kind", "for_whom", "note", "asked_on", "asked_by", "answer",
    "answered_on", "again_on", "answer_note", "outcome", "outcome_on", "link",
)  # fmt: skip


def asks(found: Iterable[AskView]) -> Iterator[Sequence[object]]:
    """One row an ask."""
    for one in found:
        yield (
            one.id, one.account, one.account_name, one.person, one.person_name, one.kind, one.for_whom, one.note,
            one.asked_on, one.asked_by, one.answer, one.answered_on or "", one.again_on or "", one.answer_note,
            one.outcome, one.outcome_on or "", one.link,
        )  # fmt: skip
