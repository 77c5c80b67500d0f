"""Where imported files lie, and how one gets there: whole, on the disk, before anybody is told so."""

import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings

from keepwell.intake import sniffing
from keepwell.kernel import errors

BLOCK_BYTES = 1024 * 1024
MOST_BYTES = 4 * 1024**3


@dataclass(frozen=True)
class Kept:
    """A file that was copied: its name in the folder, its size, a digest, its encoding."""

    name: str
    size: int
    digest: str
    encoding: str


def path(name: str) -> Path:
    """The place of a kept file."""
    return Path(settings.KEEPWELL_DATA) / "imports" / name


def keep(file: IO[bytes], *, file_name: str) -> Kept:
    """Copy a file into the data folder and wait for the disk; `Invalid` when it can be no CSV file."""
    target = path(f"{secrets.token_hex(16)}.csv")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _copied(file, target, file_name)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def forget(name: str) -> None:
    """Remove a kept file."""
    path(name).unlink(missing_ok=True)


def _copied(file: IO[bytes], target: Path, file_name: str) -> Kept:
    digest, guess, size = sha256(), sniffing.EncodingGuess(), 0
    with target.open("xb") as copy:
        while block := file.read(BLOCK_BYTES):
            if not size and (other := sniffing.other_format(block)):
                raise errors.Invalid(
                    "%(file_name)s is %(other)s. Save it as CSV in UTF-8.", file_name=file_name, other=other
                )
            size += len(block)
            if size > MOST_BYTES:
                raise errors.Invalid(
                    "%(file_name)s is larger than %(most_bytes)s GB. Split it.",
                    file_name=file_name,
                    most_bytes=MOST_BYTES // 1024**3,
                )
            digest.update(block)
            guess.feed(block)
            copy.write(block)
        guess.feed(b"", last=True)
        copy.flush()
        os.fsync(copy.fileno())
    _sync_folder(target.parent)
    if guess.best is None:
        raise errors.Invalid(
            "%(file_name)s is neither UTF-8 nor Windows-1252 text. Save it as CSV in UTF-8.",
            file_name=file_name,
        )
    return Kept(target.name, size, digest.hexdigest(), guess.best)


def _sync_folder(folder: Path) -> None:
    # Without this the file's name may be lost in a power failure although its content is not.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
