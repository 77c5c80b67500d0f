"""Journeys as rows of a file, for pages and the API alike."""

from collections.abc import Iterator, Sequence

from keepwell.outcomes.queries.account_journey import AccountJourney

PATH_COLUMNS = (
    "account", "what", "phase_or_kind", "title", "since", "until", "days", "expected_days", "conversations", "frictions",
    "by", "text",
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
