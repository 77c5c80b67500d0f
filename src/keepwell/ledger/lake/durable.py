"""Onto the disk itself: what lies in a folder survives a power cut before anybody relies on it. Object storage sees to that.

Files are forced before a commit names them, and the commit before anybody is told of it; Delta does neither. Then a log that
names a file, whatever of the log itself a power cut left, names a whole one.
"""

import json
import os
from itertools import count
from pathlib import Path


def force(*paths: Path) -> None:
    """Wait until the bytes of files, and the names in folders, are on the disk. About a millisecond each where it is flash."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def force_file(path: Path, *, root: Path) -> None:
    """A file of a table and the way to it from the folder above its root."""
    force(path, *(folder for folder in path.parents if folder == root or root in folder.parents), root.parent)


def force_log(root: Path, *, after: int | None = None) -> None:
    """The log's entries after a version; else all that the present state rests on, which the last checkpoint sums up."""
    log = root / "_delta_log"
    first = force_checkpoint(root) if after is None else after
    for version in count(first + 1):
        entry = log / f"{version:020}.json"
        if not entry.exists():
            break
        force(entry)
    force(log, root)


def force_checkpoint(root: Path) -> int:
    """The last checkpoint; gives its version, -1 when there is none."""
    log = root / "_delta_log"
    last = log / "_last_checkpoint"
    if not last.exists():
        return -1
    version = int(json.loads(last.read_text())["version"])
    force(log / f"{version:020}.checkpoint.parquet", last, log)
    return version
