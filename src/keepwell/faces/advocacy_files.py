"""Asks, and people whom one may ask, as rows of a file."""

from collections.abc import Iterable, Iterator, Sequence

from keepwell.outcomes.queries.advocacy import AskView
from keepwell.outcomes.queries.advocates import Suggestion

COLUMNS = (
    "ask", "account", "account_name", "person", "person_name", "kind", "for_whom", "note", "asked_on", "asked_by", "answer",
    "answered_on", "again_on", "answer_note", "outcome", "outcome_on", "link",
)  # fmt: skip

PEOPLE = (
    "account", "account_name", "person", "person_name", "title", "industry", "tier", "arr", "arr_currency", "nps",
    "last_asked_on", "reasons", "bars", "points", "value", "value_currency", "value_on", "card", "card_version", "proof",
)  # fmt: skip


def asks(found: Iterable[AskView]) -> Iterator[Sequence[object]]:
    """One row an ask."""
    for one in found:
        yield (
            one.id, one.account, one.account_name, one.person, one.person_name, one.kind, one.for_whom, one.note,
            one.asked_on, one.asked_by, one.answer, one.answered_on or "", one.again_on or "", one.answer_note,
            one.outcome, one.outcome_on or "", one.link,
        )  # fmt: skip


def suggestions(found: Iterable[Suggestion]) -> Iterator[Sequence[object]]:
    """One row a person; of no proof, and where the health was said by hand, `proof` is none or hand."""
    for one in found:
        yield (
            one.account, one.account_name, one.person, one.person_name, one.title, one.industry, one.tier,
            one.arr.amount if one.arr else "", one.arr.currency if one.arr else "",
            "" if one.nps is None else one.nps, one.last_asked_on or "", " ".join(one.reasons), " ".join(one.bars),
            one.points, one.value.amount if one.value else "", one.value.currency if one.value else "",
            one.value_on or "", one.judged.card, one.judged.version or "", one.proof or "none",
        )  # fmt: skip
