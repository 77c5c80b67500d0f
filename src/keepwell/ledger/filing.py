"""Where the bytes of files stand, what they are, and which are not taken. The name of a file is never believed."""

import hashlib
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings

from keepwell.kernel import errors

MOST_BYTES = 25 * 1024 * 1024
UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
HEAD = 4096
_STARTS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ZIPPED = (
    ("word/", f"{_OFFICE}.wordprocessingml.document"),
    ("xl/", f"{_OFFICE}.spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}.presentationml.presentation"),
)


class Kept(NamedTuple):
    """Bytes that are in the data folder now."""

    place: str
    size: int
    digest: str
    media_type: str


def path(place: str) -> Path:
    """Where the bytes of a file stand."""
    return Path(settings.KEEPWELL_DATA) / "files" / place


def keep(chunks: Iterable[bytes]) -> Kept:
    """Write bytes into the data folder, durably; `Invalid` when they are too many, none, or a program."""
    place = uuid4().hex
    folder = path("")
    folder.mkdir(parents=True, exist_ok=True)
    target = path(place)
    try:
        size, digest = _written(target, chunks)
        media_type = sniffed(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Kept(place, size, digest, media_type)


def _written(target: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with target.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                raise errors.Invalid(
                    "The file is larger than %(most_bytes)s MB. Link to it where it is; nothing was stored.",
                    most_bytes=MOST_BYTES // 1024**2,
                )
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise errors.Invalid("The file is empty. Nothing was stored.")
    return size, digest.hexdigest()


def sniffed(target: Path) -> str:
    """What a file is by its bytes; `Invalid` for programs."""
    with target.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(_PROGRAMS):
        raise errors.Invalid("The file is a program. Programs are not taken; nothing was stored.")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(target)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _STARTS if head.startswith(start)), _plain(head))


def _zipped(target: Path) -> str:
    try:
        with zipfile.ZipFile(target) as archive:
            names = archive.namelist()[:1000]
    except (zipfile.BadZipFile, OSError):
        return UNKNOWN
    found = (kind for folder, kind in _ZIPPED if any(name.startswith(folder) for name in names))
    return next(found, "application/zip")


def _plain(head: bytes) -> str:
    """Text of any kind is plain text: mark-up is never shown as such."""
    if b"\x00" in head:
        return UNKNOWN
    for cut in range(4):
        try:
            head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return TEXT
    return UNKNOWN
