"""Hand out everything that is known about a person: one ZIP, in open formats."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.hooks.subjects import Subject
from keepwell.kernel import errors
from keepwell.ledger.queries import subjects

IN_MEMORY_BYTES = 8 * 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def hand_out(*, key: str, by: Scope, at: datetime) -> IO[bytes]:
    """A ZIP with what every eraser knows about a person: everything.json, a CSV a noun, and a note of what was searched."""
    by.require("privacy.manage")
    subject = subjects.of(key)
    known: dict[str, list[dict[str, Any]]] = {}
    for eraser in registry.erasers():
        for thing in eraser.export(subject):
            known.setdefault(thing.noun, []).append(dict(thing.values))
    if not known:
        raise errors.NotFound(
            'Nothing is known about "%(key)s". Name a person by their key or e-mail address.', key=key
        )
    audit.record(by=by, at=at, deed="person.export", subject=f"person:{subject.keys[0]}")
    return _packed(subject, known, at)


def _packed(subject: Subject, known: Mapping[str, list[dict[str, Any]]], at: datetime) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - handed to the caller
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("about.txt", "\n".join(_about(subject, known, at)))
        packed.writestr("everything.json", _json(known, indent=2))
        for noun, rows in known.items():
            packed.writestr(f"{noun.replace(' ', '-')}.csv", _csv(rows))
    file.seek(0)
    return file


def _about(subject: Subject, known: Mapping[str, list[dict[str, Any]]], at: datetime) -> Iterable[str]:
    who = next(iter((*subject.names, *subject.keys)))
    yield f"Everything that Keepwell knows about {who}, {at:%Y-%m-%d %H:%M} UTC."
    yield ""
    yield f"Looked for under the keys: {', '.join(subject.keys)}"
    yield f"Looked for inside of texts: {', '.join(subject.words) or 'nothing'}"
    yield f"Too short to be looked for inside of texts: {', '.join(subject.not_searched) or 'nothing'}"
    yield ""
    yield from (f"{noun}: {len(rows):,}" for noun, rows in known.items())
    yield ""
    yield "everything.json holds it all; each noun is a CSV file too."


def _json(value: Any, *, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _csv(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return text.getvalue()


def _cell(value: Any) -> str:
    """A value as text; no cell that a spreadsheet would run."""
    if value is None:
        return ""
    plain = value if isinstance(value, str) else _json(value).strip('"')
    is_figure = isinstance(value, int | float)
    return f"'{plain}" if plain.startswith(FORMULA) and not is_figure else plain
