"""Whether the lake holds every event that was carried to it."""

from dataclasses import dataclass

from keepwell.kernel.figures import measured
from keepwell.ledger import lake, models

LakeDamaged = lake.LakeDamaged


@dataclass(frozen=True)
class LakeReport:
    """What lies in the lake, what is wrong with its files, which batches lack how many events."""

    version: int
    files: int
    events: int
    damaged: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damaged and not self.lacking


def check() -> LakeReport:
    """Read the whole lake and count its events against the log and against what the relay carried. One query.

    A log that cannot be read is told as damage too.
    """
    try:
        found = lake.check()
    except lake.LakeDamaged as damage:
        return LakeReport(0, 0, 0, (str(damage),), ())
    told = tuple(str(damaged) for damaged in found.damaged)
    lacking = () if told else tuple(_lacking())
    return LakeReport(found.version, found.files, found.events, told, lacking)


def _lacking() -> list[str]:
    held = lake.rows_by_batch()
    carried = models.RelayBatch.objects.exclude(lake_version=None).order_by("number")
    short = [
        (number, rows - held.get(number, 0))
        for number, rows in carried.values_list("number", "rows")
        if held.get(number, 0) < rows
    ]
    return [f"batch {number} lacks {measured(missing, 'events')}" for number, missing in short]


def problem() -> str:
    """What hinders reading the lake, in words; empty when nothing does. One look at the log and at each file."""
    try:
        lake.snapshot()
    except lake.LakeDamaged as damage:
        return str(damage)
    return ""
