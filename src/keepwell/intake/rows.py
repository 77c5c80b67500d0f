"""From the cells of a record to a row for the ledger, or the reason why it cannot be one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from keepwell.intake.formats import Formats
from keepwell.intake.kinds import Field, ImportKind
from keepwell.intake.kinds.base import KEEP
from keepwell.intake.mapping import ignored
from keepwell.intake.reading import Record
from keepwell.kernel import errors, speech
from keepwell.ledger.event import digest_of, key_of

KEPT = 32_000
USUAL = Formats()
BEYOND = "beyond the last column"
NOT_WHOLE = "not kept whole"

_encode = msgspec.json.Encoder(order="deterministic", enc_hook=str).encode


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was understood: its values and its other cells, its key ("" if it has none).

    `content` is a digest of what it says; `digest` is one of its key, without a key of its content: it tells the row
    from others in the file.
    """

    number: int
    key: str
    values: dict[str, Any]
    rest: dict[str, str | None]
    content: int
    digest: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that cannot be taken, and why."""

    number: int
    reason: str
    content: dict[str, Any]


class Layout:
    """How the records of one file are read: which cell is which field, what holds for all rows."""

    def __init__(
        self,
        kind: ImportKind,
        columns: Sequence[str],
        *,
        mapping: Mapping[str, str],
        constants: Mapping[str, str],
        file_name: str,
        formats: Formats = USUAL,
    ) -> None:
        places = {column: place for place, column in enumerate(columns)}
        self.kind = kind
        self.columns = tuple(columns)
        self.file_name = file_name
        self.formats = formats
        self.mapped = [(kind.field(slug), places[column]) for slug, column in mapping.items()]
        named = {*mapping.values(), *ignored(kind, columns)}
        self.rest = [(column, place) for column, place in places.items() if column not in named]
        self.constants = {slug: kind.field(slug).parse(text.strip()) for slug, text in constants.items()}
        self._required = {field.slug for field in kind.fields if field.required}
        self._key = "id" if kind.slug == "events" else "key"

    def read(self, record: Record) -> Row | Unfit:
        """The row that a record holds."""
        try:
            cells = self._cells(record)
            values = self._values(cells)
            self._check(values)
            values = self.kind.keyed(values)
        except errors.Invalid as refusal:
            return self.unfit(record.row, record.cells, refusal.english)
        rest = {column: cells[place].strip() or None for column, place in self.rest}
        content = digest_of(
            _encode((values, {column: cell for column, cell in rest.items() if cell is not None}))
        )
        key = values.get(self._key) or ""
        return Row(record.row, key, values, rest, content, key_of(key or f"~{content}"), record.cells)

    def unfit(self, number: int, cells: Sequence[str], reason: str) -> Unfit:
        """A refused row, with its cells by column as far as they go."""
        plain = [cell[:KEPT].replace("\x00", "�") for cell in cells]
        content: dict[str, Any] = dict(zip(self.columns, plain, strict=False))
        if cut := [
            column for column, cell in zip(self.columns, cells, strict=False) if content[column] != cell
        ]:
            content[NOT_WHOLE] = cut
        if len(plain) > len(self.columns):
            content[BEYOND] = plain[len(self.columns) :][:20]
        said = speech.english(
            "Row %(number)s of %(file_name)s: %(reason)s",
            number=number,
            file_name=self.file_name,
            reason=reason,
        )
        return Unfit(number, said, content)

    def _cells(self, record: Record) -> list[str]:
        if record.fault:
            raise errors.Invalid(record.fault)
        cells, width = record.cells, len(self.columns)
        if len(cells) < width or any(cells[width:]):
            raise errors.Invalid(
                "%(n)s cells, but the header has %(width)s columns.", n=len(cells), width=width
            )
        for column, cell in zip(self.columns, cells, strict=False):
            if "\x00" in cell:
                raise errors.Invalid(
                    "%(column)s holds the character NUL, which no text may hold.", column=column
                )
        return cells

    def _values(self, cells: Sequence[str]) -> dict[str, Any]:
        values = dict(self.constants)
        for field, place in self.mapped:
            cell = cells[place].strip()
            if cell:
                values[field.slug] = self._parsed(field, cell, place)
            elif field.required:
                raise errors.Invalid(
                    "%(columns)s is empty, but every row needs it (%(title)s).",
                    columns=self.columns[place],
                    title=field.title,
                )
            elif field.empty is not KEEP:
                values[field.slug] = field.empty
        return values

    def _parsed(self, field: Field, cell: str, place: int) -> Any:
        try:
            if self.formats is not USUAL:
                cell = self.formats.normal(cell, field.form)
            return field.parse(cell)
        except errors.Invalid as refusal:
            raise errors.Invalid(
                "%(columns)s %(refusal)s", columns=self.columns[place], refusal=str(refusal)
            ) from None

    def _check(self, values: Mapping[str, Any]) -> None:
        if self.kind.one_of and not any(values.get(slug) for slug in self.kind.one_of):
            raise errors.Invalid("none of %(listed)s is given.", listed=", ".join(self.kind.one_of))
        if reason := self.kind.check(values):
            raise errors.Invalid(reason)
