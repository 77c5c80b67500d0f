"""Journeys as rows of a file, for pages and the API alike."""

from collections.abc import Iterable, Iterator, Sequence

from keepwell.outcomes.queries.account_journey import AccountJourney
from keepwell.outcomes.queries.journey_book import BookStay
from keepwell.outcomes.queries.onboarding import Newcomer

PATH_COLUMNS = (
    "account", "what", "phase_or_kind", "title", "since", "until", "days", "expected_days", "conversations", "frictions",
    "by", "text",
)  # fmt: skip

STAY_COLUMNS = (
    "account", "account_name", "phase", "title", "since", "until", "days", "expected_days", "over", "next_phase", "owner",
    "arr", "currency",
)  # fmt: skip
NEWCOMER_COLUMNS = (
    "account", "account_name", "since", "state", "reached", "days", "due", "owner", "arr", "currency",
)  # fmt: skip


def path(found: AccountJourney) -> Iterator[Sequence[object]]:
    """A row for each phase, then one for each friction; a beginning that is not told is empty."""
    for one in found.stays:
        yield (
            found.key, "phase", one.phase, one.title, one.since if one.is_dated else "", one.until or "",
            one.days if one.is_dated else "", "" if one.expected is None else one.expected, one.conversations,
            len(one.frictions), one.by, "",
        )  # fmt: skip
    for each in found.frictions:
        yield (
            found.key, "friction", each.kind, each.feature, each.on, each.until or "", "", "", "", "", each.by,
            each.text or each.person,
        )  # fmt: skip


def stays(found: Iterable[BookStay]) -> Iterator[Sequence[object]]:
    """A row for each account in a phase; days are empty where nothing tells when it began."""
    for one in found:
        yield (
            one.key, one.name, one.phase, one.title, one.since or "", one.until or "", one.days if one.since else "",
            "" if one.expected is None else one.expected, one.over, one.left_for, one.owner,
            one.arr.amount if one.arr else "", one.arr.currency if one.arr else "",
        )  # fmt: skip


def newcomers(found: Iterable[Newcomer]) -> Iterator[Sequence[object]]:
    """A row for each customer that began: the days until first value, or so far."""
    for one in found:
        yield (
            one.key, one.name, one.since, one.state, "yes" if one.reached else "no", one.days, one.due, one.owner,
            one.arr.amount if one.arr else "", one.arr.currency if one.arr else "",
        )  # fmt: skip
