"""Intake's answer to the hooks: files that were imported, rows and calls that were not taken, how imports are undone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from keepwell.access.actions.scrubbing import Tables
from keepwell.hooks import specs
from keepwell.hooks.erasers import Counts, Eraser, Known
from keepwell.hooks.subjects import Subject
from keepwell.intake import files, models
from keepwell.intake.actions import kept_files


@specs.impl
def erasers() -> Sequence[Eraser]:
    """Two places."""
    return (
        Files(),
        Tables(
            "intake",
            holds="Rows and calls that were not taken, as they were sent; former values for the undoing of imports.",
            whole=True,
        ),
    )


class Files:
    """The CSV files that were imported, as long as they are kept."""

    slug = "intake-files"
    title = "Imported files"
    holds = "Files as they were uploaded, kept beside the database."

    def find(self, subject: Subject) -> Counts:
        """Lines that are about the person. Reads every kept file."""
        found = [kept_files.search(batch, subject) for batch in _kept()]
        return _counts(found)

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """Blank the person's lines; cross out mentions in others."""
        del pseudonyms, at
        return _counts([kept_files.scrub(batch, subject) for batch in _kept()])

    def export(self, subject: Subject) -> Iterable[Known]:
        """The lines, with the names of their columns."""
        for batch in _kept():
            for number, cells in kept_files.lines(batch, subject):
                said = dict(zip(batch.columns, cells, strict=False))
                yield Known("imported lines", {"file": batch.file_name, "row": number} | said)


def _kept() -> Iterator[models.Batch]:
    for batch in models.Batch.objects.order_by("pk"):
        if batch.file and files.path(batch.file).exists():
            yield batch


def _counts(found: Sequence[kept_files.Found]) -> dict[str, int]:
    counts = {"lines": sum(f.own for f in found), "lines that mention them": sum(f.mentions for f in found)}
    return {name: count for name, count in counts.items() if count}
