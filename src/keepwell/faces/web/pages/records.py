"""What the pages of records say: the kinds there are, and the rows of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages.record_cells import Cell, cell
from keepwell.faces.web.pages.record_columns import columns, is_made, lead
from keepwell.faces.web.pages.record_derived import DERIVED
from keepwell.intake.kinds import KINDS, RATES
from keepwell.intake.kinds.base import Field, ImportKind
from keepwell.intake.queries import naming
from keepwell.intake.queries.naming import Names
from keepwell.intake.queries.records import Page
from keepwell.kernel import speech
from keepwell.ledger.queries.records import Record

NAMELESS = speech.later("Without a name")


@dataclass(frozen=True)
class KindRow:
    """A kind of record in the list of all."""

    title: str
    help: str
    href: str


@dataclass(frozen=True)
class KindsPage:
    """Every kind that is kept as rows."""

    kinds: tuple[KindRow, ...]


@dataclass(frozen=True)
class Row:
    """A record in a table."""

    href: str
    name: str
    key: str
    account: str
    account_key: str
    account_href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Head:
    """A column of the table."""

    title: str
    align: str


@dataclass(frozen=True)
class RecordTable:
    """Rows of one kind with their columns."""

    title: str
    kind: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    has_account: bool


@dataclass(frozen=True)
class Query:
    """What was asked for."""

    search: str = ""
    account: str = ""
    after: str = ""

    def address(self, name: str, kind: str, **changed: str) -> str:
        """The same question elsewhere or changed."""
        asked = {"q": self.search, "account": self.account, "after": self.after} | changed
        told = urlencode({key: value for key, value in asked.items() if value})
        return reverse(name, args=(kind,)) + (f"?{told}" if told else "")


@dataclass(frozen=True)
class RecordsPage:
    """The rows of one kind, a page at a time."""

    title: str
    slug: str
    singular: str
    help: str
    query: Query
    table: RecordTable
    next: str
    first: str
    csv: str
    new: str
    importing: str
    clear: str
    is_filtered: bool
    of_accounts: bool
    may_write: bool


def kinds() -> KindsPage:
    """All kinds, in the order of their declaration."""
    return KindsPage(kind_rows())


def kind_rows() -> tuple[KindRow, ...]:
    """What stands as rows: the kinds with a table of their own, and rates."""
    return tuple(
        KindRow(
            kind.title, kind.help, reverse("records", args=(kind.slug,)) if kind.store else reverse("rates")
        )
        for kind in KINDS.values()
        if kind.store is not None or kind is RATES
    )


def page(
    kind: ImportKind,
    found: Page,
    *,
    query: Query,
    today: date,
    may_write: bool,
    names: Names,
) -> RecordsPage:
    """From the rows to what the page says."""
    new = reverse("record-new", args=(kind.slug,))
    return RecordsPage(
        title=kind.title,
        slug=kind.slug,
        singular=kind.singular,
        help=kind.help,
        query=query,
        table=table(kind, found.items, today=today, with_account=not query.account, names=names),
        next=query.address("records", kind.slug, after=found.next) if found.next else "",
        first=query.address("records", kind.slug, after="") if query.after else "",
        csv=query.address("records-csv", kind.slug, after=""),
        new=f"{new}?{urlencode({'account': query.account})}" if query.account else new,
        importing=f"{reverse('import-new')}?kind={kind.slug}",
        clear=reverse("records", args=(kind.slug,)),
        is_filtered=bool(query.search or query.account),
        of_accounts=kind.of_accounts,
        may_write=may_write,
    )


def table(
    kind: ImportKind,
    rows: Sequence[Record],
    *,
    today: date,
    with_account: bool,
    names: Names,
    back: str = "",
) -> RecordTable:
    """Rows as a table; the first column is what a person knows a row by."""
    first = next(field for field in kind.fields if field.slug == lead(kind))
    shown = tuple(field for field in columns(kind) if field is not first)
    derived = DERIVED.get(kind.slug)
    has_account = with_account and kind.of_accounts and kind.slug != "accounts"
    found = []
    for record in rows:
        cells = tuple(
            cell(
                field,
                record.values.get(field.slug),
                today=today,
                names=names,
                account=record.account,
                back=back,
            )
            for field in shown
        )
        if derived:
            cells = (*cells, derived.of(record.values, today))
        account_href = reverse("account", args=(record.account,)) if record.account else ""
        found.append(
            Row(
                _address(kind, record, back),
                _known_by(first, record, names),
                record.key,
                record.account_name or record.account,
                record.account,
                account_href,
                cells,
            )
        )
    heads = tuple(Head(field.title, cell(field, None, today=today, names=names).align) for field in shown)
    if derived:
        heads = (*heads, Head(derived.title, derived.of({}, today).align))
    return RecordTable(first.title, kind.slug, heads, tuple(found), has_account)


def shown_fields(kind: ImportKind) -> tuple[Field, ...]:
    """The fields that a table of the kind shows, the one that rows are known by first."""
    return (next(field for field in kind.fields if field.slug == lead(kind)), *columns(kind))


def _address(kind: ImportKind, record: Record, back: str) -> str:
    """The page of a record; a person's in the account of the row."""
    asked = {"account": record.account if kind.slug == "people" else "", "back": back}
    told = urlencode({name: value for name, value in asked.items() if value})
    return reverse("record", args=(kind.slug, record.key)) + (f"?{told}" if told else "")


def _known_by(first: Field, record: Record, names: Names) -> str:
    known_by = str(record.values.get(first.slug) or record.key)
    if is_made(known_by):
        return NAMELESS
    if of := naming.noun(first):
        return names.get((of, known_by), known_by)
    return words.spoken(known_by) if first.slug == "kind" else known_by
