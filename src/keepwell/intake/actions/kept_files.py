"""Take a person out of imported files that are still kept, byte for byte: every place in a file stays where it is."""

import os
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from keepwell.hooks.subjects import Subject, means_person, names
from keepwell.intake import files, models, reading
from keepwell.ledger.queries import erased


class Found(NamedTuple):
    """Lines of a file that a person has to themselves, and others that mention them."""

    own: int
    mentions: int


def search(batch: models.Batch, subject: Subject) -> Found:
    """How many lines are about the person. Reads the whole file."""
    own = mentions = 0
    for begin, record in _records(batch):
        del begin
        if _is_own(batch, record, subject):
            own += 1
        elif _mentions(record, subject):
            mentions += 1
    return Found(own, mentions)


def lines(batch: models.Batch, subject: Subject) -> Iterator[tuple[int, list[str]]]:
    """The lines themselves, with their row numbers."""
    for _, record in _records(batch):
        if _is_own(batch, record, subject) or _mentions(record, subject):
            yield record.row, record.cells


def scrub(batch: models.Batch, subject: Subject) -> Found:
    """Blank the person's own lines, put x in place of mentions elsewhere. The file keeps its length and its other bytes."""
    own = mentions = 0
    with files.path(batch.file).open("r+b") as file:
        for begin, record in _records(batch):
            if _is_own(batch, record, subject):
                _overwrite(file, begin, record.end, _blanked)
                own += 1
            elif _mentions(record, subject):
                _overwrite(file, begin, record.end, lambda line: _crossed(line, subject, batch.encoding))
                mentions += 1
        file.flush()
        os.fsync(file.fileno())
    return Found(own, mentions)


def blank_refused(batch: models.Batch) -> None:
    """After an import: blank the lines that were not taken because they name somebody who was erased."""
    if not models.Rejection.objects.filter(batch=batch, why=erased.SLUG).exists():
        return
    with files.path(batch.file).open("r+b") as file:
        for begin, record in _records(batch):
            if erased.names(record.cells):
                _overwrite(file, begin, record.end, _blanked)
        file.flush()
        os.fsync(file.fileno())


def _records(batch: models.Batch) -> Iterator[tuple[int, reading.Record]]:
    """Each record below the header, with where it begins."""
    path = files.path(batch.file)
    if not path.exists():
        return
    begin, header = 0, True
    for record in reading.records(path, reading.Dialect(batch.encoding, batch.delimiter)):
        if record.has_content and not header:
            yield begin, record
        header = header and not record.has_content
        begin = record.end


def _is_own(batch: models.Batch, record: reading.Record, subject: Subject) -> bool:
    whose = {batch.mapping.get("person", "")}
    if batch.kind == "people":
        whose.add(batch.mapping.get("key", ""))
    return any(
        subject.is_named_by(cell, under="person" if column in whose or means_person(column) else "")
        for column, cell in zip(batch.columns, record.cells, strict=False)
    )


def _mentions(record: reading.Record, subject: Subject) -> bool:
    return any(subject.is_mentioned(cell) for cell in record.cells) or names(record.cells, subject)


def _blanked(line: bytes) -> bytes:
    return b" " * len(line)


def _crossed(line: bytes, subject: Subject, encoding: str) -> bytes:
    if subject.pattern is None:
        return line
    text = line.decode(encoding, "surrogateescape")
    crossed = subject.pattern.sub(lambda found: "x" * len(found[0].encode(encoding, "surrogateescape")), text)
    return crossed.encode(encoding, "surrogateescape")


def _overwrite(file: IO[bytes], begin: int, end: int, change: Callable[[bytes], bytes]) -> None:
    """Write a record anew at its place; its line's end stays, and so does its length."""
    file.seek(begin)
    before = file.read(end - begin)
    line = before.rstrip(b"\r\n")
    after = change(line)
    assert len(after) == len(line)
    file.seek(begin)
    file.write(after + before[len(line) :])
