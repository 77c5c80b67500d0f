"""From a JSON object to a row for the ledger, through the same parsers as the cells of a file; and back. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keepwell.intake.kinds.base import KEEP, Field, ImportKind
from keepwell.intake.rows import Row
from keepwell.kernel import errors
from keepwell.kernel.cells import as_cell
from keepwell.ledger.queries.records import Record

CUSTOM = "fields"
NAME_LENGTH = 200
_LISTS = ("list", "people")
_BETWEEN = (",", ";")


def row(kind: ImportKind, said: Mapping[str, Any], *, number: int) -> Row:
    """The row that a whole object holds; `Invalid` names the field, the value and what is allowed."""
    values, rest = told(kind, said)
    missing = [f.slug for f in kind.fields if f.required and values.get(f.slug) is None]
    if missing:
        raise errors.Invalid("%(missing)s is not given, but every row needs it.", missing=missing[0])
    if kind.one_of and not any(values.get(slug) for slug in kind.one_of):
        raise errors.Invalid("none of %(listed)s is given.", listed=", ".join(kind.one_of))
    if reason := kind.check(values):
        raise errors.Invalid(reason)
    values = kind.keyed(values)
    return Row(number, values["key"], values, rest, 0, "", [])


def told(kind: ImportKind, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str | None]]:
    """The values and the custom fields that an object tells; what it leaves out is not told, what follows is ignored."""
    values: dict[str, Any] = {}
    rest: dict[str, str | None] = {}
    derived = {field.slug for field in kind.derived}
    for name, value in said.items():
        if name == CUSTOM:
            rest = _custom(value)
            continue
        if name in derived:
            continue
        field = kind.field(name)
        parsed = _parsed(field, value)
        if parsed is not KEEP:
            values[name] = parsed
    return values, rest


def _parsed(field: Field, value: Any) -> Any:
    try:
        cell = _cell(field, value)
        if cell:
            return field.parse(cell)
    except errors.Invalid as refusal:
        raise errors.Invalid("%(slug)s %(refusal)s", slug=field.slug, refusal=str(refusal)) from None
    if field.required:
        raise errors.Invalid("%(slug)s is empty, but every row needs it.", slug=field.slug)
    return field.empty if field.empty is not KEEP else field.cleared


def _cell(field: Field, value: Any) -> str:
    """A JSON value as the cell that would mean it."""
    match value:
        case None:
            return ""
        case str():
            return _plain(value)
        case bool():
            if field.form == "truth":
                return "true" if value else "false"
        case int() | float():
            if field.form not in (*_LISTS, "truth", "day", "moment"):
                return str(value)
        case list():
            if field.form in _LISTS:
                return ", ".join(_item(item) for item in value)
        case dict():
            if field.form == "limits":
                return "; ".join(f"{_item(name)}={as_cell(size)}" for name, size in value.items())
    raise errors.Invalid(
        "does not take %(value)s: it is a %(value2)s.",
        value=as_cell(value)[:60],
        value2=field.form.replace("_", " "),
    )


def _item(item: Any) -> str:
    text = _plain(item if isinstance(item, str) else as_cell(item))
    if any(sign in text for sign in _BETWEEN):
        raise errors.Invalid('has the item "%(text)s"; none may hold a comma or a semicolon.', text=text[:60])
    return text


def _plain(text: str) -> str:
    if "\x00" in text:
        raise errors.Invalid("holds the character NUL, which no text may hold.")
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise errors.Invalid("holds half of a character, which no text may hold.")
    return text.strip()


def _custom(said: Any) -> dict[str, str | None]:
    if not isinstance(said, Mapping):
        raise errors.Invalid("%(custom)s is not an object of names and values.", custom=CUSTOM)
    found: dict[str, str | None] = {}
    for name, value in said.items():
        plain = _plain(name)
        if not plain or len(plain) > NAME_LENGTH:
            raise errors.Invalid(
                '%(custom)s has the name "%(name)s"; 1 to %(name_length)s characters are taken.',
                custom=CUSTOM,
                name=name[:40],
                name_length=NAME_LENGTH,
            )
        found[plain] = _plain(as_cell(value)) or None
    return found


def shown(value: Any) -> Any:
    """A stored value as JSON holds it: days and moments in ISO 8601, amounts as text."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case tuple():
            return list(value)
    return value


def given(record: Record) -> dict[str, Any]:
    """A row as a JSON object, which `told` takes back."""
    values = {name: shown(value) for name, value in record.values.items()}
    return values | {CUSTOM: dict(record.fields)}


def cell(value: Any) -> str:
    """A stored value as the cell of a file that means it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "; ".join(value)
        case dict():
            return "; ".join(f"{name}={cell(size)}" for name, size in value.items())
    return str(shown(value))
