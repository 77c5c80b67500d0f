"""What the import pages say, from the chosen file to the last rejected row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.intake import mapping
from keepwell.intake.kinds import KINDS, ImportKind
from keepwell.intake.queries.batches import BatchView, RejectionView
from keepwell.kernel import speech

STATES = {
    "awaiting_mapping": speech.later("Waiting for its columns to be mapped"), "queued": speech.later("Waiting for its turn"),
    "running": speech.later("Being read"), "done": speech.later("Done"), "failed": speech.later("Stopped"),
}  # fmt: skip
COUNTS = (
    ("created", "created"), ("updated", "updated"), ("unchanged", "unchanged"), ("duplicates", "duplicates"),
    ("conflicts", "conflicts"), ("rejected", "rejected"),
)  # fmt: skip
LEAST_ROWS = 200
SAMPLE_LENGTH = 28


@dataclass(frozen=True)
class ImportRow:
    """An import in the list."""

    href: str
    file_name: str
    kind: str
    source: str
    state: str
    is_moving: bool
    rows: str
    refused: str
    when: str


@dataclass(frozen=True)
class NewImportPage:
    """Choosing a kind and a file."""

    kinds: tuple[Option, ...]
    source: str
    refused: str = ""


@dataclass(frozen=True)
class FieldRow:
    """One field of the mapping form."""

    slug: str
    title: str
    help: str
    is_required: bool
    options: tuple[Option, ...]
    constant: str


@dataclass(frozen=True)
class Progress:
    """How far a running import is."""

    done: int
    total: int | None
    far: str
    rate: str
    left: str
    href: str


@dataclass(frozen=True)
class Count:
    """One verdict and how many rows had it."""

    title: str
    count: str
    is_nil: bool


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken."""

    row: str
    verdict: str
    reason: str
    content: str


@dataclass(frozen=True)
class ImportPage:
    """One import, in whatever state it is."""

    id: int
    href: str
    file_name: str
    about: str
    state: str
    state_words: str
    is_dry_run: bool
    vouched: bool
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    fields: tuple[FieldRow, ...]
    ignored: str
    progress: Progress | None
    counts: tuple[Count, ...]
    rejections: tuple[Refusal, ...]
    more: str
    csv: str
    error: str
    refused: str = ""
    is_blank: bool = False
    kept: str = ""
    is_written: bool = False
    lacks_core_features: bool = False
    mend: str = ""
    known_now: str = ""
    reading: Any = None
    effects: Any = None
    vouched_by: str = ""
    undo: str = ""
    may_undo: bool = False
    may_discard: bool = False
    may_forget: bool = False

    @property
    def is_mapped(self) -> bool:
        """Whether its columns were mapped and it was started."""
        return self.state != "awaiting_mapping"

    @property
    def may_start(self) -> bool:
        """Whether the mapping form makes sense: before the start, and after a dry run."""
        return self.state == "awaiting_mapping" or (self.is_dry_run and self.state in ("done", "failed"))


def kind_options(chosen: str) -> tuple[Option, ...]:
    """The kinds of files, for the form."""
    return tuple(Option(kind.slug, kind.title, kind.slug == chosen, kind.help) for kind in KINDS.values())


def row(batch: BatchView, *, now: datetime) -> ImportRow:
    """An import as a row."""
    refused = batch.rejected + batch.conflicts
    return ImportRow(
        href=reverse("import", args=(batch.batch_id,)),
        file_name=batch.file_name,
        kind=KINDS[batch.kind].title,
        source=batch.source,
        state=speech.said(STATES[batch.state]) + (speech.told(" (dry run)") if batch.dry_run else ""),
        is_moving=batch.state in ("queued", "running"),
        rows=words.whole(batch.rows_done),
        refused=words.whole(refused) if refused else "–",
        when=words.moment(batch.prepared_at, today=words.local_day(now)),
    )


def page(
    batch: BatchView,
    *,
    samples: Sequence[Mapping[str, str]],
    suggested: Mapping[str, str],
    constants: Mapping[str, str],
    rejections: Sequence[RejectionView],
    now: datetime,
    refused: str = "",
    lacks_core_features: bool = False,
    known_now: int = 0,
) -> ImportPage:
    """One import's page; `suggested` and `constants` fill the mapping form."""
    is_written = batch.state == "done" and not batch.dry_run
    settled = batch.state in ("done", "failed")
    kind = KINDS[batch.kind]
    here = reverse("import", args=(batch.batch_id,))
    given = words.moment(batch.prepared_at, today=words.local_day(now))
    told = batch.rejected + batch.conflicts
    return ImportPage(
        id=batch.batch_id,
        href=here,
        file_name=batch.file_name,
        about=speech.told(
            "%(title)s from “%(source)s”, given %(given)s", title=kind.title, source=batch.source, given=given
        ),
        state=batch.state,
        state_words=STATES[batch.state],
        is_dry_run=batch.dry_run,
        vouched=batch.vouched,
        columns=batch.columns,
        samples=tuple(tuple(sample.get(column, "") for column in batch.columns) for sample in samples),
        fields=_fields(kind, batch.columns, samples, suggested, constants),
        ignored=_ignored(mapping.ignored(kind, batch.columns)),
        progress=progress(batch, now=now) if batch.state in ("queued", "running") else None,
        counts=tuple(
            Count(title, words.whole(getattr(batch, name)), not getattr(batch, name))
            for name, title in COUNTS
        ),
        rejections=tuple(_refusal(rejection) for rejection in rejections),
        more=speech.told(
            "The first %(n)s of %(told)s; the CSV has them all.",
            n=words.whole(len(rejections)),
            told=words.whole(told),
        )
        if told > len(rejections)
        else "",
        csv=reverse("import-rejections", args=(batch.batch_id,)) if told else "",
        error=batch.error,
        refused=refused,
        is_blank=not batch.rows_done if settled else batch.state == "awaiting_mapping" and not samples,
        kept=_kept(batch) if settled else "",
        is_written=is_written,
        lacks_core_features=is_written and lacks_core_features,
        mend=f"{reverse('rejected')}?import={batch.batch_id}" if told and not batch.dry_run else "",
        known_now=_known_now(known_now),
    )


def _known_now(count: int) -> str:
    if not count:
        return ""
    return speech.counted(
        count,
        "%(n)s row or call was refused because its account was unknown, and now they are known.",
        "%(n)s rows and calls were refused because their accounts were unknown, and now they are known.",
        n=words.whole(count),
    )


def _kept(batch: BatchView) -> str:
    """The columns that mean nothing to Keepwell, and where their cells went."""
    follows = mapping.ignored(KINDS[batch.kind], batch.columns)
    known = {*batch.mapping.values(), *follows}
    rest = [column for column in batch.columns if column not in known]
    place = speech.told("with each event") if batch.kind == "events" else speech.told("as custom fields")
    kept = (
        f"{speech.told('Would be kept') if batch.dry_run else speech.told('Kept')} {place}: {', '.join(rest)}."
        if rest
        else ""
    )
    return f"{kept} {_ignored(follows)}".strip()


def _ignored(columns: Sequence[str]) -> str:
    """What a file says that is computed here."""
    return (
        speech.told("Not taken in, for it is computed: %(listed)s.", listed=", ".join(columns))
        if columns
        else ""
    )


def progress(batch: BatchView, *, now: datetime) -> Progress:
    """What, how far, how long."""
    seconds = (now - batch.started_at).total_seconds() if batch.started_at else 0.0
    rate = batch.rows_done / seconds if seconds > 0 else 0.0
    far = (
        speech.told(
            "%(rows_done)s of %(rows)s",
            rows_done=words.whole(batch.rows_done),
            rows=words.count(batch.rows_total, "row"),
        )
        if batch.rows_total
        else words.count(batch.rows_done, "row")
    )
    left = ""
    if batch.rows_total and rate and batch.rows_done >= LEAST_ROWS:
        left = speech.told(
            "about %(timedelta)s left",
            timedelta=words.span(timedelta(seconds=(batch.rows_total - batch.rows_done) / rate + 1)),
        )
    return Progress(
        done=batch.rows_done,
        total=batch.rows_total,
        far=far if batch.state == "running" else speech.told("Waiting for its turn"),
        rate=speech.told("%(rate)s rows a second", rate=words.whole(rate))
        if batch.rows_done >= LEAST_ROWS
        else "",
        left=left,
        href=reverse("import-progress", args=(batch.batch_id,)),
    )


def _fields(
    kind: ImportKind,
    columns: Sequence[str],
    samples: Sequence[Mapping[str, str]],
    suggested: Mapping[str, str],
    constants: Mapping[str, str],
) -> tuple[FieldRow, ...]:
    return tuple(
        FieldRow(
            field.slug,
            field.title,
            field.help,
            field.required,
            tuple(Option(c, c + _sample(c, samples), suggested.get(field.slug) == c) for c in columns),
            constants.get(field.slug, ""),
        )
        for field in kind.fields
    )


def _sample(column: str, samples: Sequence[Mapping[str, str]]) -> str:
    text = next((sample[column] for sample in samples if sample.get(column)), "")
    cut = text[: SAMPLE_LENGTH - 1] + "…" if len(text) > SAMPLE_LENGTH else text
    return f" · {cut}" if cut else ""


def _refusal(rejection: RejectionView) -> Refusal:
    content = " · ".join(
        f"{name}: {value}" for name, value in rejection.content.items() if value not in ("", None)
    )
    verdict = speech.told("Conflict") if rejection.verdict == "conflict" else speech.told("Rejected")
    since = {"replayed": speech.told("Taken since"), "dismissed": speech.told("Dismissed")}
    row_number = "–" if rejection.row is None else words.whole(rejection.row)
    return Refusal(
        row_number, since.get(rejection.state, verdict), speech.recalled(rejection.reason), content
    )
