"""Success plans as rows of a file: one plan with a row for each piece, or a book with a row for each account."""

from collections.abc import Iterable, Iterator

from keepwell.outcomes.document import PlanDoc
from keepwell.outcomes.queries.book import PlanRow

PIECE_COLUMNS = (
    "account", "piece", "slug", "outcome", "title", "text", "metric", "unit", "better", "baseline", "target", "trigger",
    "date", "ours", "theirs", "after", "notes",
)  # fmt: skip
BOOK_COLUMNS = (
    "account", "name", "state", "arr", "currency", "outcomes", "reached", "steps_overdue", "version", "confirmed_on",
    "renewal_date", "owner",
)  # fmt: skip


def pieces(account: str, doc: PlanDoc) -> Iterator[tuple[object, ...]]:
    """A row for the plan, each outcome, indicator and step."""
    yield (account, "plan", "", "", "", doc.vision, *[""] * 10, doc.notes)
    for one in doc.objectives:
        yield (
            account,
            "outcome",
            one.slug,
            "",
            one.title,
            one.why,
            *[""] * 6,
            one.target_date,
            "",
            "",
            "",
            one.notes,
        )
        for each in one.indicators:
            yield (
                account, "indicator", each.slug, one.slug, each.title, "", each.metric, each.unit, each.better, each.baseline,
                each.target, each.trigger, each.target_date, "", "", "", each.notes,
            )  # fmt: skip
    for step in doc.steps:
        yield (
            account, step.kind, step.slug, step.objective, step.title, *[""] * 7, step.due_date, step.ours, step.theirs,
            " ".join(step.after), step.notes,
        )  # fmt: skip


def book(rows: Iterable[PlanRow]) -> Iterator[tuple[object, ...]]:
    """A row for each account."""
    for one in rows:
        yield (
            one.key, one.name, one.state, one.arr.amount if one.arr else None, one.arr.currency if one.arr else None,
            one.objectives, one.reached, one.overdue, one.version, one.confirmed_at.date() if one.confirmed_at else None,
            one.renewal_date, one.owner,
        )  # fmt: skip
