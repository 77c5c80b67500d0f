"""Tables of where facts come from, what was imported, what could not be taken, and what was mended."""

from keepwell.intake.models.batches import Batch, RowKey
from keepwell.intake.models.mappings import UsedMapping
from keepwell.intake.models.rejections import Dismissal, Mending, Rejection
from keepwell.intake.models.replays import Attempt, Replay
from keepwell.intake.models.sources import Source
from keepwell.intake.models.undoing import RowChange, Undo
from keepwell.intake.models.vouchings import Vouching

__all__ = [
    "Attempt",
    "Batch",
    "Dismissal",
    "Mending",
    "Rejection",
    "Replay",
    "RowChange",
    "RowKey",
    "Source",
    "Undo",
    "UsedMapping",
    "Vouching",
]
