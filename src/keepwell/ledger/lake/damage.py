"""What can be wrong with the lake's files, in words; nobody reads on as if nothing were."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
from deltalake.exceptions import TableNotFoundError  # noqa: TID251 - this is the door

from keepwell.kernel import errors
from keepwell.kernel.figures import measured

ADVICE = "Events that came since wait in the outbox, safely. Run: keepwell lake check"


class LakeDamaged(errors.Refused):
    """Files of the lake are missing or cannot be read; nothing is answered from what is left of them."""


class Damaged(NamedTuple):
    """A file of the present version and what is wrong with it; what it held as the log says."""

    path: str
    problem: str
    events: int
    since: str
    until: str

    def __str__(self) -> str:
        return f"{self.path} {self.problem}; it held {measured(self.events, 'events')} from {self.since} to {self.until}"


@contextmanager
def named(log: Path | None) -> Iterator[None]:
    """Say which of the log's files is damaged when the table cannot be opened."""
    try:
        yield
    except TableNotFoundError:
        raise
    except Exception as failure:
        if log is None or not log.is_dir():
            raise
        bad = broken_log(log)
        if not bad:
            raise
        names = ", ".join(f"_delta_log/{path.name}" for path in bad)
        raise LakeDamaged(
            "The lake's log is damaged: %(names)s cannot be read. %(advice)s", names=names, advice=ADVICE
        ) from failure


def broken_log(log: Path) -> list[Path]:
    """The files of a log that cannot be read."""
    return [path for path in sorted(log.iterdir()) if not is_whole(path)]


def is_whole(path: Path) -> bool:
    """Whether a file of a log can be read and says something."""
    try:
        if path.suffix == ".json":
            lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
            return bool(lines)
        if path.suffix == ".parquet":
            return bool(pq.read_table(path).num_rows)
        if path.name == "_last_checkpoint":
            return bool(json.loads(path.read_text()))
    except (ValueError, OSError):
        return False
    return True
