"""Reads of rows of any kind."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from keepwell.access.scopes import Scope
from keepwell.intake import kinds, objects
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.kinds.stores import Store
from keepwell.kernel import errors
from keepwell.kernel.cells import as_cell
from keepwell.ledger.queries import accounts, definitions, people, records

CHUNK = 2000


@dataclass(frozen=True)
class Page:
    """Some rows by key; `next` is the key to go on after, None at the end."""

    items: tuple[records.Record, ...]
    next: str | None


def find(*, kind: str, key: str, seen_by: Scope, account: str = "") -> records.Record:
    """One row by its key; what one may not see does not exist. A person in several accounts: in `account`, or the first."""
    return everywhere(kind=kind, key=key, seen_by=seen_by, account=account)[0]


def everywhere(*, kind: str, key: str, seen_by: Scope, account: str = "") -> tuple[records.Record, ...]:
    """One row by its key; a person once for each account."""
    declared = kinds.find(kind)
    found = _read(declared, records.Asked(keys=[key], account=account), seen_by)
    if not found:
        raise errors.NotFound('There is no %(singular)s "%(key)s".', singular=declared.singular, key=key)
    return tuple(found)


def page(
    *,
    kind: str,
    seen_by: Scope,
    account: str = "",
    search: str = "",
    after: str = "",
    limit: int = 100,
    newest: str = "",
) -> Page:
    """Rows by key, or the newest first by a field, from the one after `after` on. One to three queries whatever the size."""
    declared = kinds.find(kind)
    asked = records.Asked(
        account=account,
        search=search,
        search_in=_store(declared).search,
        after=after,
        limit=limit + 1,
        newest=newest,
    )
    found = _read(declared, asked, seen_by)
    keys = list(dict.fromkeys(record.key for record in found))
    if len(keys) <= limit:
        return Page(tuple(found), None)
    shown = set(keys[:limit])
    kept = tuple(record for record in found if record.key in shown)
    return Page(kept, records.cursor(kept[-1], newest=newest) if newest else keys[limit - 1])


def rows(*, kind: str, seen_by: Scope, account: str = "", search: str = "") -> Iterator[records.Record]:
    """Every row by key, a chunk at a time."""
    after: str | None = ""
    while after is not None:
        part = page(kind=kind, seen_by=seen_by, account=account, search=search, after=after, limit=CHUNK)
        yield from part.items
        after = part.next


def as_csv(*, kind: str, seen_by: Scope, account: str = "", search: str = "") -> Iterator[str]:
    """A file that the import of the kind takes unchanged, line by line: its fields, what follows from them, the custom ones.

    What cannot be asked is refused before the first line, for then it is too late.
    """
    declared = kinds.find(kind)
    slugs = [field.slug for field in declared.shown]
    model = _store(declared).model
    if account:
        records.account_id(account, seen_by=seen_by)
    named = {field.name for field in model._meta.concrete_fields if field.is_relation}
    said = set(records.custom_fields(model, seen_by=seen_by))
    said |= {one.slug for one in definitions.of_noun(str(model._meta.model_name))}
    custom = sorted(said - {*slugs, *named})
    found = rows(kind=kind, seen_by=seen_by, account=account, search=search)
    return _lines(slugs, custom, found)


def _lines(slugs: list[str], custom: list[str], found: Iterator[records.Record]) -> Iterator[str]:
    yield _line([*slugs, *custom])
    for record in found:
        cells = [objects.cell(record.values[slug]) for slug in slugs]
        yield _line([*cells, *(as_cell(record.fields.get(name)) for name in custom)])


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def seen_accounts(keys: Collection[str], *, seen_by: Scope) -> set[str]:
    """Those of the account keys that exist and may be seen. One query."""
    return set(accounts.ids_by_key(keys, seen_by=seen_by))


def taken_elsewhere(kind: ImportKind, keys: Collection[str], *, seen_by: Scope) -> set[str]:
    """Those of the keys that rows have which the asker may not see. Two queries."""
    model = _store(kind).model
    there = set(model._default_manager.filter(key__in=keys).values_list("key", flat=True))
    return (
        there - {record.key for record in _read(kind, records.Asked(keys=there), seen_by)} if there else there
    )


def has_place(person: str, account: str) -> bool:
    """Whether a person stands in an account; without an account, whether they are known at all."""
    return people.stands_in(person, account)


def _read(kind: ImportKind, asked: records.Asked, seen_by: Scope) -> list[records.Record]:
    store = _store(kind)
    return store.read(store.model, names=[field.slug for field in kind.shown], asked=asked, seen_by=seen_by)


def _store(kind: ImportKind) -> Store:
    if kind.store is None:
        raise errors.Invalid("%(title)s are not kept as rows. Ask for them in the ledger.", title=kind.title)
    return kind.store
