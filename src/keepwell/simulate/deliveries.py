"""Handing an invented world to the product the way real systems do: tracking requests and CSV files."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.intake import envelopes
from keepwell.intake.actions import imports, sources, tracking
from keepwell.intake.queries import batches
from keepwell.intake.queries import sources as known_sources
from keepwell.kernel import errors
from keepwell.simulate import calls
from keepwell.simulate.rows import Cell, Export

Progress = Callable[[int, int, str], None]
APP, DEVICES, HISTORY = "fernhill-app", "fernhill-devices", "fernhill-history"


class Unaccepted(errors.Refused):
    """The intake turned down something that was invented to be right."""


@dataclass
class Meter:
    """Counts what is done of what there is to do, and tells."""

    told: Progress
    total: int
    done: int = 0

    def add(self, count: int, words: str) -> None:
        """So much more is done."""
        self.done = min(self.total, self.done + count)
        self.told(self.done, self.total, words)


@dataclass
class Desk:
    """Where deliveries are made, on whose behalf, and how many events and rows were taken."""

    by: Scope
    meter: Meter
    events: int = 0
    rows: int = 0
    _sources: dict[str, known_sources.SourceView] = field(default_factory=dict)

    def open(self, *, at: datetime) -> None:
        """Make the sources of tracking calls: the product, its devices that were offline, the archive that vouches."""
        for slug, name, vouches in (
            (APP, "Fernhill app", False),
            (DEVICES, "Fernhill devices, offline", False),
            (HISTORY, "Fernhill event archive", True),
        ):
            sources.create(slug=slug, name=name, vouches=vouches, by=self.by, at=at)
            self._sources[slug] = known_sources.find(slug=slug, seen_by=self.by)

    def track(self, said: Iterable[dict[str, Any]], *, source: str, at: datetime, words: str) -> None:
        """Send calls in bodies, as the product's own library would."""
        for body, count in calls.bodies(said):
            envelope = envelopes.decode(body, endpoint="batch")
            receipt = tracking.receive(source=self._sources[source], calls=envelope, at=at)
            if receipt.rejected:
                raise Unaccepted(
                    "%(n)s calls were refused: %(reason)s",
                    n=len(receipt.rejected),
                    reason=receipt.rejected[0].reason,
                )
            self.events += receipt.accepted
            self.meter.add(count, words)

    def file(self, export: Export, rows: Iterator[tuple[Cell, ...]], *, vouched: bool, at: datetime) -> None:
        """Import one file, if it has rows."""
        listed = list(rows)
        if not listed:
            return
        name, words = f"{export.kind}-{at:%Y-%m-%d}.csv", f"Importing {export.kind}"
        self.meter.add(0, words)
        content = io.BytesIO(export.text(listed).encode())
        batch = imports.prepare(
            kind=export.kind, file=content, file_name=name, source=export.source, by=self.by, at=at
        )
        imports.start(
            batch_id=batch,
            mapping=export.mapping,
            constants={},
            dry_run=False,
            vouched=vouched,
            by=self.by,
            at=at,
        )
        imports.run(batch_id=batch, at=at)
        self._check(batch, name)
        self.rows += len(listed)
        self.meter.add(len(listed), words)

    def _check(self, batch: int, name: str) -> None:
        view = batches.find(batch_id=batch, seen_by=self.by)
        if view.state != "done" or view.rejected or view.conflicts:
            refused = batches.rejections(batch_id=batch, seen_by=self.by, limit=1)
            raise Unaccepted("%(name)s: %(error)s", name=name, error=view.error or refused[0].reason)
