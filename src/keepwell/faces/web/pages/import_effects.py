"""What the pages say of how a file is read, what an import changes, and how it is undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.imports import Progress
from keepwell.intake.formats import DAYS, DECIMALS, Formats
from keepwell.intake.kinds import KINDS
from keepwell.intake.queries.batches import BatchView
from keepwell.intake.queries.changes import ChangeView, UndoView
from keepwell.intake.queries.mappings import Proposal, UsedView
from keepwell.intake.queries.vouchings import VouchingView
from keepwell.kernel import speech

SHOWN = 20
CELL = 80


@dataclass(frozen=True)
class Reading:
    """How the file seems to be meant, and the formats that can be chosen."""

    remembered: str
    likelier: str
    ambiguous: str
    days: tuple[Option, ...]
    decimals: tuple[Option, ...]


@dataclass(frozen=True)
class ChangeRow:
    """A row with its fields before and after."""

    key: str
    fields: tuple[tuple[str, str, str], ...]
    reason: str


@dataclass(frozen=True)
class Effects:
    """What an import changes, or would."""

    would: str
    changed: tuple[ChangeRow, ...]
    changed_count: str
    created: str
    owners: str
    more: str
    csv: str


@dataclass(frozen=True)
class UndoPage:
    """Before an import is undone, while it is, and after."""

    file_name: str
    href: str
    import_href: str
    about: str
    facts: tuple[str, ...]
    progress: Progress | None
    counts: tuple[tuple[str, str], ...]
    left: tuple[ChangeRow, ...]
    may_start: bool
    error: str
    refused: str = ""


@dataclass(frozen=True)
class UsedRow:
    """A remembered mapping."""

    source: str
    kind: str
    columns: str
    mapping: str
    times: str
    when: str
    href: str


@dataclass(frozen=True)
class MappingsPage:
    """Mappings that files were imported with."""

    state: str
    rows: tuple[UsedRow, ...]


def reading(proposal: Proposal | None, *, chosen: Mapping[str, str] | None, now: datetime) -> Reading:
    """The notes over the mapping form; `chosen` formats win over proposed ones."""
    formats = proposal.formats if proposal is not None else Formats()
    if chosen:
        formats = Formats.of(chosen)
    remembered = likelier = ambiguous = ""
    if proposal is not None:
        if proposal.used_at is not None:
            when = words.moment(proposal.used_at, today=words.local_day(now))
            by = speech.told(" by %(used_by)s", used_by=proposal.used_by) if proposal.used_by else ""
            remembered = speech.told(
                "Filled in as a file with these columns from this source was last read, %(when)s%(by)s.",
                when=when,
                by=by,
            )
        if proposal.likelier:
            likelier = KINDS[proposal.likelier].title.lower()
        ambiguous = proposal.ambiguous
    return Reading(
        remembered,
        likelier,
        ambiguous,
        tuple(Option(slug, example, slug == formats.days) for slug, example in DAYS.items()),
        tuple(Option(slug, example, slug == formats.decimals) for slug, example in DECIMALS.items()),
    )


def effects(
    batch: BatchView,
    *,
    counts: Mapping[str, int],
    changed: Sequence[ChangeView],
    created: Sequence[ChangeView],
) -> Effects | None:
    """What changes, in words; None when nothing does."""
    if not counts["created"] and not counts["changed"]:
        return None
    noun = KINDS[batch.kind].title.lower()
    names = ", ".join(change.key for change in created if change.noun == batch.kind)
    more = counts["created"] - len(created)
    return Effects(
        would=speech.told("would change") if batch.dry_run else "changed",
        changed=tuple(_row(change) for change in changed),
        changed_count=words.count(counts["changed"], "row"),
        created=speech.told(
            "New %(noun)s: %(names)s%(part)s.",
            noun=noun,
            names=names,
            part=speech.told(" and %(more)s more", more=words.whole(more)) if more > 0 else "",
        )
        if names
        else "",
        owners=_owners(counts["owners"], batch.dry_run),
        more=speech.told(
            "The first %(n)s of %(changed)s; the CSV has them all.",
            n=words.whole(len(changed)),
            changed=words.whole(counts["changed"]),
        )
        if counts["changed"] > len(changed)
        else "",
        csv=reverse("import-changes", args=(batch.batch_id,)),
    )


def _owners(count: int, dry_run: bool) -> str:
    if not count:
        return ""
    accounts = words.count(count, "account")
    if dry_run:
        return speech.told("%(accounts)s would change hands: the owner is another one.", accounts=accounts)
    return speech.told("%(accounts)s changed hands: the owner is another one.", accounts=accounts)


def _row(change: ChangeView) -> ChangeRow:
    fields = tuple((name, _cell(before), _cell(after)) for name, before, after in change.fields)
    return ChangeRow(change.key, fields, speech.recalled(change.reason))


def _cell(text: str) -> str:
    return f"{text[: CELL - 1]}…" if len(text) > CELL else text or "–"


def vouched(said: Sequence[VouchingView], *, now: datetime) -> str:
    """Who vouched for an import, in words; nothing when nobody did."""
    if not said:
        return ""
    last = said[0]
    return speech.told(
        "%(by)s vouched that its facts were known when they happened, %(when)s.",
        by=last.by,
        when=words.moment(last.at, today=words.local_day(now)),
    )


def undo(
    batch: BatchView,
    *,
    counts: Mapping[str, int],
    view: UndoView | None,
    left: Sequence[ChangeView],
    now: datetime,
    refused: str = "",
) -> UndoPage:
    """The page of an undo, in whatever state it is."""
    here = reverse("import-undo", args=(batch.batch_id,))
    states = {
        "queued": speech.told("Waiting for its turn"),
        "running": speech.told("Under way"),
        "done": speech.told("Undone"),
        "failed": speech.told("Stopped"),
    }
    moving = view is not None and view.state in ("queued", "running")
    by = (
        speech.told(
            ", by %(by)s, %(asked_at)s",
            by=view.by,
            asked_at=words.moment(view.asked_at, today=words.local_day(now)),
        )
        if view
        else ""
    )
    return UndoPage(
        file_name=batch.file_name,
        href=here,
        import_href=reverse("import", args=(batch.batch_id,)),
        about=f"{states[view.state]}{by}."
        if view
        else speech.told("What the import did is taken back from now on."),
        facts=() if view else _facts(batch, counts),
        progress=_progress(view, now) if view and moving else None,
        counts=_counts(view) if view else (),
        left=tuple(_row(change) for change in left),
        may_start=view is None and batch.state in ("done", "failed") and not batch.dry_run,
        error=view.error if view else "",
        refused=refused,
    )


def _facts(batch: BatchView, counts: Mapping[str, int]) -> tuple[str, ...]:
    """What an undo does, before it does it."""
    if batch.kind == "events":
        return (
            speech.told("%(events)s will no longer count.", events=words.count(batch.created, "event")),
            speech.told("Their ids are free again: the mended file can be imported."),
            speech.told("Scores of past days, asked as they were known then, stay as they were."),
        )
    said = []
    if counts["created"]:
        said.append(
            speech.told(
                "%(rows)s that it created will go, with what they said.",
                rows=words.count(counts["created"], "row"),
            )
        )
    if counts["changed"]:
        whose = "its" if counts["changed"] == 1 else "their"
        said.append(
            speech.told(
                "%(rows)s that it changed will get %(whose)s former values back.",
                rows=words.count(counts["changed"], "row"),
                whose=whose,
            )
        )
    if not said:
        return (speech.told("The import changed nothing that could be taken back."),)
    return (
        *said,
        speech.told("Rows that changed again since are left, and listed here afterwards."),
        speech.told("Scores of past days, asked as they were known then, stay as they were."),
    )


def _counts(view: UndoView) -> tuple[tuple[str, str], ...]:
    told = (("removed", view.removed), (speech.told("given back"), view.restored), ("left", view.left))
    return tuple((title, words.whole(count)) for title, count in told)


def _progress(view: UndoView, now: datetime) -> Progress:
    seconds = (now - view.started_at).total_seconds() if view.started_at else 0.0
    rate = view.done / seconds if seconds > 0 else 0.0
    return Progress(
        view.done,
        view.total or None,
        speech.told("%(done)s of %(rows)s", done=words.whole(view.done), rows=words.count(view.total, "row"))
        if view.started_at
        else speech.told("Waiting for its turn"),
        speech.told("%(rate)s rows a second", rate=words.whole(rate)) if rate else "",
        speech.told(
            "about %(timedelta)s left",
            timedelta=words.span(timedelta(seconds=(view.total - view.done) / rate + 1)),
        )
        if rate
        else "",
        reverse("import-undo-progress", args=(view.batch_id,)),
    )


def mappings(used: Sequence[UsedView], *, now: datetime) -> MappingsPage:
    """The page of remembered mappings."""
    rows = tuple(
        UsedRow(
            view.source,
            KINDS[view.kind].title if view.kind in KINDS else view.kind,
            ", ".join(view.columns),
            ", ".join(f"{field} ← {column}" for field, column in view.mapping.items()),
            words.whole(view.times),
            words.moment(view.used_at, today=words.local_day(now)),
            reverse("mapping-forget", args=(view.mapping_id,)),
        )
        for view in used
    )
    return MappingsPage(
        speech.told(
            "%(mappings)s, one for each source, kind and header.", mappings=words.count(len(rows), "mapping")
        ),
        rows,
    )
