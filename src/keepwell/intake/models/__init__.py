"""Tables of where facts come from, what was imported, what could not be taken, what was mended, and what is learned of it."""

from keepwell.intake.models.batches import Batch, RowKey
from keepwell.intake.models.findings import AccountUse, Finding
from keepwell.intake.models.mappings import UsedMapping
from keepwell.intake.models.rejections import Dismissal, Mending, Rejection
from keepwell.intake.models.replays import Attempt, Replay
from keepwell.intake.models.sources import Source
from keepwell.intake.models.undoing import RowChange, Undo
from keepwell.intake.models.vouchings import Vouching
from keepwell.intake.models.watching import (
    Cadence,
    Drift,
    NameDay,
    NameSeen,
    PropertySeen,
    QualityMark,
    Volume,
)

__all__ = [
    "AccountUse",
    "Attempt",
    "Batch",
    "Cadence",
    "Dismissal",
    "Drift",
    "Finding",
    "Mending",
    "NameDay",
    "NameSeen",
    "PropertySeen",
    "QualityMark",
    "Rejection",
    "Replay",
    "RowChange",
    "RowKey",
    "Source",
    "Undo",
    "UsedMapping",
    "Volume",
    "Vouching",
]
