"""What breaks if somebody leaves, as rows of a file."""

from collections.abc import Iterator, Sequence

from keepwell.plays.queries.continuity import Continuity

CONTINUITY_COLUMNS = (
    "account", "account_name", "arr", "currency", "others_of_ours", "open_tasks", "open_incidents", "open_runs",
    "their_people_in_90_days", "written_down", "meetings_to_come", "breaks",
)  # fmt: skip


def continuity(found: Continuity) -> Iterator[Sequence[object]]:
    """One row an account."""
    for one in found.rows:
        yield (
            one.key, one.name, one.arr.amount if one.arr else "", one.arr.currency if one.arr else "", one.others,
            one.tasks, one.incidents, one.runs, one.threads, "" if one.written is None else one.written, one.meetings,
            " ".join(one.breaks),
        )  # fmt: skip
