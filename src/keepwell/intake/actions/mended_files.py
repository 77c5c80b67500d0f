"""Rejections that were written to a CSV file, mended there, and given back."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.actions import mending
from keepwell.kernel import errors

LEADING = ("rejection", "row", "verdict", "reason")
CALL = "content"
CHUNK = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Taken:
    """What a given-back file held: the rejections that it mended, those that it leaves as they are, those not open."""

    mended: tuple[int, ...]
    unchanged: int
    settled: int


def take(*, file: IO[bytes], file_name: str, by: Scope, at: datetime) -> Taken:
    """Put the cells of a file of rejections into them; the file is the one that the dead letter gave. All or nothing."""
    by.require("data.import")
    header, lines = _read(file, file_name)
    mended: list[int] = []
    unchanged = settled = 0
    with transaction.atomic():
        while chunk := list(islice(lines, CHUNK)):
            cells = {_number(line, number): line for number, line in chunk}
            found = models.Rejection.objects.select_related("batch").filter(pk__in=cells, state="open")
            rows = list(found.select_for_update(of=("self",)).order_by("pk"))
            settled += len(cells) - len(rows)
            for row in rows:
                content = _content(row, dict(zip(header, cells[row.pk][len(LEADING) :], strict=False)))
                if _differs(row, content):
                    mending.mend(rejection_id=row.pk, content=content, by=by, at=at)
                    mended.append(row.pk)
                else:
                    unchanged += 1
        audit.record(
            by=by,
            at=at,
            deed="rejections.mend",
            subject="rejections",
            file_name=file_name[:200],
            rows=len(mended),
        )
    return Taken(tuple(mended), unchanged, settled)


def _read(file: IO[bytes], file_name: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
    reader = csv.reader(text)
    try:
        header = next(reader, [])
    except (UnicodeDecodeError, csv.Error) as failure:
        raise errors.Invalid(
            "%(file_name)s cannot be read: %(failure)s. Save it as CSV in UTF-8.",
            file_name=file_name,
            failure=str(failure),
        ) from None
    if tuple(header[: len(LEADING)]) != LEADING:
        raise errors.Invalid(
            "%(file_name)s does not begin with the columns %(listed)s. Mend the CSV that the page of "
            "rejections gives, and keep those columns.",
            file_name=file_name,
            listed=", ".join(LEADING),
        )
    return [_plain(cell) for cell in header[len(LEADING) :]], _lines(reader, file_name)


def _lines(reader: Iterator[list[str]], file_name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, line in enumerate(reader, start=2):
            if any(line):
                yield number, line
    except (UnicodeDecodeError, csv.Error) as failure:
        raise errors.Invalid(
            "%(file_name)s cannot be read to its end: %(failure)s. Nothing was changed.",
            file_name=file_name,
            failure=str(failure),
        ) from None


def _number(line: Sequence[str], number: int) -> int:
    if not line[0].isdecimal() or len(line[0]) > 18:
        raise errors.Invalid(
            'Row %(number)s: "%(line)s" is no rejection. Keep the first column as it was. Nothing '
            "was changed.",
            number=number,
            line=line[0][:40],
        )
    return int(line[0])


def _content(row: models.Rejection, cells: Mapping[str, str]) -> dict[str, object]:
    if row.batch is None:
        try:
            content = json.loads(cells.get(CALL, ""))
        except ValueError as failure:
            raise errors.Invalid(
                "Rejection %(pk)s: the JSON is malformed: %(failure)s. Nothing was changed.",
                pk=row.pk,
                failure=str(failure),
            ) from None
        if not isinstance(content, dict):
            raise errors.Invalid("Rejection %(pk)s: a call is a JSON object. Nothing was changed.", pk=row.pk)
        return content
    kept = {column: str(row.content.get(column, "")) for column in row.batch.columns}
    return {
        column: cells[column] if cells[column] == kept[column] else _plain(cells[column])
        for column in row.batch.columns
        if column in cells
    }


def _differs(row: models.Rejection, content: Mapping[str, object]) -> bool:
    if row.batch is None:
        return dict(content) != dict(row.content)
    return any(cell != row.content.get(column, "") for column, cell in content.items())


def _plain(cell: str) -> str:
    """The cell without the quote by which the download keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
