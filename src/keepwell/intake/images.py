"""Rows of facts as their fields say them, each value as the cell that means it: what two moments are compared by."""

from collections.abc import Collection, Mapping

from django.db import connection

from keepwell.access.scopes import system
from keepwell.intake import objects
from keepwell.intake.kinds import ImportKind
from keepwell.kernel.cells import as_cell
from keepwell.ledger.event import key_of
from keepwell.ledger.queries import records

Image = dict[str, str]

CUSTOM = "fields."
_ALL = system(through="images")
_RESTATED = frozenset({"renewal_date"})  # an account's follows from its contracts
_ALWAYS = frozenset({"account", "person", "fields"})


def place(kind: ImportKind, key: str, account: str) -> str:
    """What tells a row from others: its key; of a person in an account, both."""
    return f"{key} @ {account}" if kind.slug == "people" and account else key


def of(kind: ImportKind, keys: Collection[str]) -> dict[str, Image]:
    """The rows with these keys as they stand. One to three queries for any number of them."""
    names = [field.slug for field in kind.fields]
    if kind.trace is not None and keys:
        found = kind.trace.read(keys)
        return {key: {name: objects.cell(row[name]) for name in names} for key, row in found.items()}
    if kind.store is None or not keys:
        return {}
    asked = records.Asked(keys=list(keys))
    rows = kind.store.read(kind.store.model, names=names, asked=asked, seen_by=_ALL)
    return {place(kind, record.key, record.account): _image(record, names) for record in rows}


def _image(record: records.Record, names: Collection[str]) -> Image:
    image = {name: objects.cell(record.values[name]) for name in names}
    return image | {CUSTOM + name: as_cell(value) for name, value in record.fields.items()}


def is_of_person(name: str) -> bool:
    """Whether a field says who a person is, wherever they belong."""
    return name in records.PERSON or name.startswith(CUSTOM)


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Image, Image]:
    """The fields that differ, as they were and as they are; one that was not there was empty."""
    names = [n for n in {**after, **before} if before.get(n, "") != after.get(n, "")]
    return {n: before.get(n, "") for n in names}, {n: after.get(n, "") for n in names}


def seals(kind: ImportKind, keys: Collection[str]) -> dict[str, str]:
    """A digest of what a source can tell of each row, by which a later change is seen. One query.

    An upgrade that adds a column changes the digests: such rows then look changed, and are left alone.
    """
    if kind.trace is not None:
        return {key: key_of("\x1f".join(image.values())) for key, image in of(kind, keys).items()}
    if kind.store is None or not keys:
        return {}
    model = kind.store.model
    told = {field.slug for field in kind.fields} | _ALWAYS
    if kind.slug == "accounts":
        told -= _RESTATED
    columns = sorted(str(f.column) for f in model._meta.concrete_fields if f.name in told)
    row = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT key, md5(jsonb_build_array({row})::text) FROM "{table}" WHERE key = ANY(%s)',  # noqa: S608 - our own names
            [list(keys)],
        )
        return dict(cursor.fetchall())
