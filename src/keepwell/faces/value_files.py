"""What outcomes are worth as rows of a file."""

from collections.abc import Iterable, Iterator

from keepwell.outcomes.queries.value import ValueView
from keepwell.outcomes.queries.value_book import ValueRow
from keepwell.outcomes.value_document import Range

COLUMNS = (
    "account", "model", "title", "kind", "outcome", "quarter", "until", "number", "low", "likely", "high", "currency",
    "unit", "state", "missing", "confirmed_by", "confirmed_on", "words", "counted_low", "counted_likely", "counted_high",
)  # fmt: skip


def statements(found: ValueView) -> Iterator[tuple[object, ...]]:
    """A row for each quarter of each model, as it stands; what was counted stands beside another figure of theirs."""
    for one in found.models:
        for each in one.standing:
            said, counts, range_ = each.confirmation, each.counts, each.range
            state = "confirmed" if said else "unknown" if range_ is None else "counted"
            yield (
                found.account_key, one.doc.slug, one.doc.title, one.doc.kind, one.doc.objective, each.quarter.slug,
                each.until, each.number, *((counts.low, counts.likely, counts.high) if counts else (None,) * 3),
                each.currency, each.unit, state, " ".join(f"{slug}:{why}" for slug, why in each.missing),
                said.name if said else None, said.on if said else None, said.words if said else None,
                *((range_.low, range_.likely, range_.high) if range_ else (None,) * 3),
            )  # fmt: skip


BOOK_COLUMNS = (
    "account", "name", "owner", "state", "arr", "arr_currency", "renewal_date", "confirmed_low", "confirmed_likely",
    "confirmed_high", "counted_low", "counted_likely", "counted_high", "cost", "currency", "ratio_low", "ratio_likely",
    "ratio_high", "last_quarter", "missing", "confirmed_by_currency",
)  # fmt: skip


def book(rows: Iterable[ValueRow]) -> Iterator[tuple[object, ...]]:
    """A row for each account; sums in the reporting currency, empty where not known, and confirmed ones by currency."""
    for one in rows:
        apart = "; ".join(f"{slug} {r.low:g} {r.likely:g} {r.high:g}" for slug, r in one.confirmed.money)
        yield (
            one.key, one.name, one.owner, one.state, one.arr.amount if one.arr else None,
            one.arr.currency if one.arr else None, one.renewal_date, *_three(one.confirmed.whole),
            *_three(one.counted.whole), one.cost.amount if one.cost else None, one.confirmed.into, *_three(one.ratio),
            one.last.slug if one.last else None, " ".join(one.missing), apart,
        )  # fmt: skip


def _three(found: Range | None) -> tuple[float | None, ...]:
    return (None,) * 3 if found is None else (found.low, found.likely, found.high)
