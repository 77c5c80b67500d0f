"""What outcomes are worth as rows of a file."""

from collections.abc import Iterator

from keepwell.outcomes.queries.value import ValueView

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
