"""Importing a file in one step, as the tests do it."""

import io
from collections.abc import Mapping

from keepwell.intake.actions import imports
from keepwell.intake.queries import batches
from keepwell.intake.queries.batches import BatchView, RejectionView
from tests.world import NOW, TESTS


def prepared(
    kind: str, content: str | bytes, *, file_name: str = "file.csv", source: str = "fernhill"
) -> int:
    """A kept file."""
    raw = content.encode() if isinstance(content, str) else content
    return imports.prepare(
        kind=kind, file=io.BytesIO(raw), file_name=file_name, source=source, by=TESTS, at=NOW
    )


def started(
    kind: str,
    content: str | bytes,
    *,
    file_name: str = "file.csv",
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    dry_run: bool = False,
    vouched: bool = False,
) -> int:
    """A queued import, its columns mapped as suggested unless told."""
    batch_id = prepared(kind, content, file_name=file_name)
    imports.start(
        batch_id=batch_id,
        mapping=imports.suggest(batch_id) if mapping is None else mapping,
        constants=constants or {},
        dry_run=dry_run,
        vouched=vouched,
        by=TESTS,
        at=NOW,
    )
    return batch_id


def imported(kind: str, content: str | bytes, **how) -> BatchView:
    """An import carried to its end."""
    batch_id = started(kind, content, **how)
    imports.run(batch_id=batch_id, at=NOW)
    return found(batch_id)


def found(batch_id: int) -> BatchView:
    """What became of an import."""
    return batches.find(batch_id=batch_id, seen_by=TESTS)


def rejections(batch: BatchView) -> tuple[RejectionView, ...]:
    """What an import could not take."""
    return batches.rejections(batch_id=batch.batch_id, seen_by=TESTS)


def reasons(batch: BatchView) -> list[str]:
    """Why an import could not take what it did not take."""
    return [rejection.reason for rejection in rejections(batch)]


def counts(batch: BatchView) -> dict[str, int]:
    """The outcomes that occurred."""
    names = ("created", "updated", "unchanged", "duplicates", "conflicts", "rejected")
    return {name: getattr(batch, name) for name in names if getattr(batch, name)}
