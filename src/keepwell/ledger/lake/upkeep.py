"""Keeping the lake's files few and large."""

from keepwell.ledger.lake import table

COMPACT_ABOVE_FILES = 40
VACUUM_GRACE_HOURS = 24


def compact() -> bool:
    """Join small files when there are many; tells whether it did. The rows and their meaning stay as they are."""
    lake = table.opened()
    if len(lake.file_uris()) <= COMPACT_ABOVE_FILES:
        return False
    lake.optimize.compact()
    return True


def vacuum() -> int:
    """Delete files that no version of the last day needs; gives how many."""
    return len(
        table.opened().vacuum(
            retention_hours=VACUUM_GRACE_HOURS, enforce_retention_duration=False, dry_run=False
        )
    )
