"""What a declared custom field may hold: from any value to the one that is stored, or the reason why not. Pure."""

from typing import Any

from keepwell.intake import parsers
from keepwell.kernel import errors
from keepwell.kernel.cells import as_cell
from keepwell.ledger.queries.definitions import DefinitionView


def coerced(definition: DefinitionView, value: Any) -> Any:
    """The value as JSON keeps it: numbers as numbers, yes and no as truth, days and money in one way of writing."""
    cell = as_cell(value).strip()
    if not cell:
        if definition.required:
            raise errors.Invalid(
                'custom field "%(slug)s" is empty, but every row needs it.', slug=definition.slug
            )
        return None
    try:
        return _typed(definition, cell)
    except errors.Invalid as refusal:
        raise errors.Invalid(
            'custom field "%(slug)s" %(refusal)s', slug=definition.slug, refusal=str(refusal)
        ) from None


def fits(definition: DefinitionView, value: str) -> bool:
    """Whether a stored value could stay as it is."""
    try:
        coerced(definition, value)
    except errors.Invalid:
        return False
    return True


def _typed(definition: DefinitionView, cell: str) -> Any:
    match definition.kind:
        case "number":
            number = parsers.number(cell)
            return int(number) if number.is_integer() and abs(number) < 2**53 else number
        case "money":
            return _money(cell)
        case "day":
            return parsers.day(cell).isoformat()
        case "truth":
            return parsers.truth(cell)
        case "choice":
            return _choice(cell, definition.choices)
    return cell


def _choice(cell: str, allowed: tuple[str, ...]) -> str:
    for word in allowed:
        if word.lower() == cell.lower():
            return word
    raise errors.Invalid(
        'does not know "%(cell)s". Use one of: %(listed)s.', cell=cell[:60], listed=", ".join(allowed)
    )


def _money(cell: str) -> str:
    first, _, second = cell.partition(" ")
    amount, code = (second, first) if first.isalpha() else (first, second)
    if not amount or not code:
        raise errors.Invalid(
            '"%(cell)s" is no money. Write amount and currency, as in 1200.50 USD.', cell=cell[:60]
        )
    return f"{parsers.amount(amount.strip())} {parsers.currency(code.strip())}"
