"""Reads of how files were mapped before, and the proposal for the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from itertools import islice

from keepwell.access.scopes import Scope
from keepwell.intake import files, formats, kinds, models, reading
from keepwell.intake import mapping as mappings
from keepwell.intake.formats import Formats
from keepwell.intake.kinds import ImportKind

LOOKED_AT = 1000


@dataclass(frozen=True)
class Proposal:
    """How a kept file is likely to be read.

    `used_at` is when a file with this header, kind and source was last read so; None when the columns' names suggest it.
    `likelier` is another kind that the columns fit better; `ambiguous` a day that can be read two ways.
    """

    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    formats: Formats
    used_at: datetime | None
    used_by: str
    likelier: str
    ambiguous: str


@dataclass(frozen=True)
class UsedView:
    """A mapping that files were imported with."""

    mapping_id: int
    source: str
    kind: str
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    formats: Formats
    times: int
    used_at: datetime
    by: str


def header(columns: list[str]) -> str:
    """A digest of the columns of a file, in whatever order."""
    return md5("\x1f".join(sorted(columns)).encode(), usedforsecurity=False).hexdigest()


def propose(batch: models.Batch) -> Proposal:
    """How a kept file is likely to be read. One query, and a look into the file."""
    kind = kinds.find(batch.kind)
    used = (
        models.UsedMapping.objects.select_related("by")
        .filter(source=batch.source_id, kind=batch.kind, header=header(batch.columns))
        .first()
    )
    if used is not None:
        fits = Formats.of(used.formats)
        by = str(used.by or "")
        return Proposal(used.mapping, used.constants, fits, used.used_at, by, "", "")
    chosen = mappings.suggest(kind, batch.columns)
    guessed = _guess(batch, kind, chosen)
    likelier = mappings.likelier(kind, batch.columns)
    return Proposal(chosen, {}, guessed.formats, None, "", likelier, guessed.ambiguous)


def _guess(batch: models.Batch, kind: ImportKind, mapping: Mapping[str, str]) -> formats.Guess:
    by_form = {name: kind.field(slug).form for slug, name in mapping.items()}
    places = {
        form: [place for place, name in enumerate(batch.columns) if by_form.get(name) in form]
        for form in (formats.DAY_FORMS, formats.FIGURE_FORMS)
    }
    dialect = reading.Dialect(batch.encoding, batch.delimiter)
    found = (record for record in reading.records(files.path(batch.file), dialect) if not record.fault)
    rows = [record.cells for record in islice(found, 1, LOOKED_AT)]
    days, figures = (
        [row[place] for row in rows for place in places[form] if place < len(row) and row[place].strip()]
        for form in (formats.DAY_FORMS, formats.FIGURE_FORMS)
    )
    return formats.guess(days=days, figures=figures)


def used(*, seen_by: Scope) -> tuple[UsedView, ...]:
    """All mappings that were used, the latest first; none for those who may not import. One query."""
    if not seen_by.may("data.import"):
        return ()
    rows = models.UsedMapping.objects.select_related("source", "by").order_by("-used_at", "-pk")
    return tuple(
        UsedView(
            row.pk, row.source.slug, row.kind, tuple(row.columns), row.mapping, row.constants,
            Formats.of(row.formats), row.times, row.used_at, str(row.by or ""),
        )
        for row in rows
    )  # fmt: skip
