"""What can be told of a CSV file before reading it all: encoding, delimiter, columns, a few rows."""

import codecs
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from keepwell.intake import reading
from keepwell.kernel import errors, figures, speech

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 20
MOST_COLUMNS = 500
NAME_LENGTH = 200
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    codecs.BOM_UTF16_LE: "UTF-16 text",
    codecs.BOM_UTF16_BE: "UTF-16 text",
}


@dataclass(frozen=True)
class Sketch:
    """A file's dialect, its columns made unique, and its first rows."""

    dialect: reading.Dialect
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


class EncodingGuess:
    """Fed with a file block by block, tells which encoding all of it is in: UTF-8, else Windows-1252."""

    def __init__(self) -> None:
        self._decoders = {name: codecs.getincrementaldecoder(name)("strict") for name in ("utf-8", "cp1252")}

    def feed(self, block: bytes, *, last: bool = False) -> None:
        """Drop the encodings in which this block is no text."""
        for name, decoder in list(self._decoders.items()):
            try:
                decoder.decode(block, last)
            except UnicodeDecodeError:
                del self._decoders[name]

    @property
    def best(self) -> str | None:
        """The better of those left."""
        return next(iter(self._decoders), None)


def other_format(beginning: bytes) -> str | None:
    """What a file is that is surely no CSV file."""
    return next((name for magic, name in _OTHER_FORMATS.items() if beginning.startswith(magic)), None)


def sketch(path: Path, *, encoding: str, file_name: str) -> Sketch:
    """The sketch of a file; `Invalid` when it holds no table."""
    tried = [_rows(path, reading.Dialect(encoding, delimiter)) for delimiter in DELIMITERS]
    if not any(tried):
        raise errors.Invalid(_no_table(path, encoding, file_name))
    best = max(range(len(DELIMITERS)), key=lambda i: (_fit(tried[i]), -i))
    header, *rows = tried[best]
    if len(header) > MOST_COLUMNS:
        raise errors.Invalid(
            "%(file_name)s has %(n)s columns; at most %(most_columns)s are taken.",
            file_name=file_name,
            n=len(header),
            most_columns=MOST_COLUMNS,
        )
    longest = max(header, key=len)
    if len(longest) > NAME_LENGTH:
        raise errors.Invalid(
            '%(file_name)s has a column "%(longest)s…" whose name has %(n)s characters; at most '
            "%(name_length)s are taken.",
            file_name=file_name,
            longest=longest[:40],
            n=figures.Whole(len(longest)),
            name_length=NAME_LENGTH,
        )
    dialect = reading.Dialect(encoding, DELIMITERS[best])
    return Sketch(dialect, named(header), tuple(tuple(row) for row in rows[:5]))


def _rows(path: Path, dialect: reading.Dialect) -> list[list[str]]:
    """The header and the first rows that can be read; none when the header cannot."""
    found = (record for record in reading.records(path, dialect) if record.has_content)
    header = next(found, None)
    if header is None or header.fault:
        return []
    return [header.cells, *islice((record.cells for record in found if not record.fault), SAMPLE_ROWS)]


def _no_table(path: Path, encoding: str, file_name: str) -> str:
    for record in reading.records(path, reading.Dialect(encoding, DELIMITERS[0])):
        if record.fault:
            where = f"Row {record.row} of {file_name}, the header,"
            return speech.english(
                "%(where)s cannot be read: %(fault)s Nothing was stored.", where=where, fault=record.fault
            )
    return speech.english("%(file_name)s is empty. Nothing was stored.", file_name=file_name)


def _fit(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How well a delimiter fits: the rows as wide as the header if that is wider than one, then its width."""
    if not rows:
        return (-1, 0)
    if len(rows[0]) < 2:
        return (0, 0)
    return (sum(len(row) == len(rows[0]) for row in rows), len(rows[0]))


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Column names, each once: a repeated one gets its number, one without a name its place."""
    seen: Counter[str] = Counter()
    columns = []
    for place, cell in enumerate(header, start=1):
        name = cell.strip().replace("\x00", "") or f"column {place}"
        seen[name] += 1
        columns.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(columns)
