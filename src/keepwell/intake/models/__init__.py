"""Tables of where facts come from, what was imported, and what could not be taken."""

from keepwell.intake.models.batches import Batch, RowKey
from keepwell.intake.models.rejections import Rejection
from keepwell.intake.models.sources import Source

__all__ = ["Batch", "Rejection", "RowKey", "Source"]
