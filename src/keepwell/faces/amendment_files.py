"""Amendments of contracts as rows of a file."""

from collections.abc import Iterator, Sequence

from keepwell.ledger.queries.amendments import AmendmentView

COLUMNS = (
    "id", "account", "name", "contract", "product", "kind", "on", "arr_before", "arr_after", "change", "currency",
    "reason", "preventable", "note", "successor", "signed_at", "by",
)  # fmt: skip


def rows(found: Sequence[AmendmentView]) -> Iterator[tuple[object, ...]]:
    """A row each."""
    for one in found:
        change = one.change
        currency = next((money.currency for money in (one.before, one.after) if money is not None), "")
        yield (
            one.id, one.account, one.name, one.contract, one.product, one.kind, one.on,
            None if one.before is None else one.before.amount, None if one.after is None else one.after.amount,
            None if change is None else change.amount, currency, one.reason, one.preventable, one.note,
            one.successor, one.signed_at.isoformat(), one.by,
        )  # fmt: skip
