"""Reads of declared custom fields by kind of row, and how stored values fit a declaration."""

from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.intake import customs
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import ImportKind
from keepwell.kernel import errors
from keepwell.ledger.queries import definitions
from keepwell.ledger.queries.definitions import DefinitionView

SHOWN = 5


@dataclass(frozen=True)
class Fit:
    """How many rows say something in a field, how many of them fit, and some values that do not."""

    rows: int
    fit: int
    misfits: tuple[str, ...]


def noun_of(kind: str) -> str:
    """The table that keeps the rows of a kind."""
    found = KINDS.get(kind)
    if found is None or found.store is None:
        raise errors.NotFound('There is no kind of record "%(kind)s".', kind=kind)
    return str(found.store.model._meta.model_name)


def everything() -> tuple[tuple[str, DefinitionView], ...]:
    """All declarations with the kind of row that each is for. One query."""
    kinds = {noun_of(slug): slug for slug, kind in KINDS.items() if kind.store is not None}
    return tuple((kinds[one.noun], one) for one in definitions.everything() if one.noun in kinds)


def of_kind(kind: ImportKind) -> tuple[DefinitionView, ...]:
    """The custom fields that rows of a kind are held to. One query."""
    return definitions.of_noun(noun_of(kind.slug))


def preview(*, kind: str, slug: str, type: str, choices: Sequence[str]) -> Fit:
    """How stored values would fit a declaration that is not made yet. One query."""
    noun = noun_of(kind)
    asked = DefinitionView(noun, slug, slug, type, tuple(choices), False, "", None)
    store = KINDS[kind].store
    values = definitions.stored_values(store.model, slug) if store else ()
    misfits = [(value, rows) for value, rows in values if not customs.fits(asked, value)]
    total = sum(rows for _, rows in values)
    return Fit(total, total - sum(rows for _, rows in misfits), tuple(v[:80] for v, _ in misfits[:SHOWN]))
