"""A CSV file record by record, each with its row number and the place in the file where the next one begins.

Memory stays constant whatever the size, and reading can begin again at any record. Row 1 is the header, as in
a spreadsheet; blank lines count as rows but are passed over.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from keepwell.kernel import figures, speech

LINE_BYTES = 1024 * 1024
CELL_CHARACTERS = 131_072
_TOO_LONG = f"a line has more than {LINE_BYTES:,} bytes"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells, or its text and why it cannot be read; `end` is where the next one begins."""

    row: int
    cells: list[str]
    end: int
    fault: str = ""

    @property
    def has_content(self) -> bool:
        """Whether it is more than a blank line or a row of empty cells."""
        return bool(self.fault) or any(cell.strip() for cell in self.cells)


class _Lines:
    """The lines of a file as text, remembering those handed out since they were last settled.

    A line is kept with its size in the file; one that is too long is kept cut off and cannot be read.
    """

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._again: deque[tuple[bytes, int]] = deque()
        self._open: list[tuple[bytes, int]] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line, size = self._again.popleft() if self._again else self._fetch()
        if not line:
            raise StopIteration
        self._open.append((line, size))
        if size > len(line):
            raise csv.Error(_TOO_LONG)
        return line.decode(self._encoding, "replace")

    def _fetch(self) -> tuple[bytes, int]:
        line = piece = self._file.readline(LINE_BYTES)
        size = len(line)
        while len(piece) == LINE_BYTES and not piece.endswith(b"\n"):
            piece = self._file.readline(LINE_BYTES)
            size += len(piece)
        return line, size

    def settle(self) -> int:
        """Let go of what was handed out; gives its size."""
        size = sum(size for _, size in self._open)
        self._open.clear()
        return size

    def keep_first(self) -> str:
        """Hand out all but the first line once more; gives that line."""
        first, *rest = self._open
        self._again.extendleft(reversed(rest))
        self._open[:] = [first]
        return first[0].decode(self._encoding, "replace")


def records(path: Path, dialect: Dialect, *, start: int = 0, row: int = 0) -> Iterator[Record]:
    """The records from a byte on; `row` is the number of the row before it.

    A quote that is never closed would swallow the rest of the file: only its own line is refused, and reading
    goes on with the next one.
    """
    with path.open("rb") as file:
        file.seek(start)
        lines = _Lines(file, dialect.encoding)
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        end = start
        while True:
            row += 1
            fault = ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as failure:
                fault = _fault(str(failure))
                cells = [lines.keep_first().rstrip("\r\n")]
                reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
            end += lines.settle()
            if start == 0 and row == 1 and cells:
                cells[0] = cells[0].removeprefix("\ufeff")
            yield Record(row, cells, end, fault)


def _fault(message: str) -> str:
    if message.startswith("field larger"):
        return speech.english(
            "a quote is not closed, or a cell has more than %(cell_characters)s characters.",
            cell_characters=figures.Whole(CELL_CHARACTERS),
        )
    if message == "unexpected end of data":
        return speech.english("a quote is not closed before the file ends.")
    if "expected after" in message:
        return speech.english("text follows a closing quote. Double a quote that is part of a cell.")
    return f"{message}."
