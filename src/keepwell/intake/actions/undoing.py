"""An import taken back: what it created goes, what it changed gets its former values, its events no longer count.

Rows that changed again since are left and told. What was known before stays what it was: all of this is known from now.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope, system
from keepwell.intake import images, kinds, models, objects
from keepwell.intake.actions import mending, writing
from keepwell.intake.actions.alone import alone
from keepwell.intake.actions.repeats import Fresh
from keepwell.intake.chosen import Chosen
from keepwell.intake.images import CUSTOM, Image
from keepwell.intake.kinds import ImportKind
from keepwell.intake.kinds.base import KEEP
from keepwell.intake.queries import rejections
from keepwell.intake.rows import Row
from keepwell.kernel import errors, speech
from keepwell.ledger.actions import removals, retractions, stakeholders
from keepwell.ledger.queries import contracts, state

CHUNK = 1000
LOCK = 0x756E646F
CHANGED = "changed again since"
TERMS = ("arr", "currency", "renewal_date")

Outcome = tuple[str, str]
Outcomes = dict[int, Outcome]

_log = logging.getLogger(__name__)


def start(*, batch_id: int, by: Scope, at: datetime) -> int:
    """Queue the undoing of an import that was carried out, whole or in part; gives the undo's id."""
    by.require("data.import")
    with transaction.atomic():
        batch = models.Batch.objects.select_for_update().filter(pk=batch_id).first()
        if batch is None:
            raise errors.NotFound("There is no import %(batch_id)s.", batch_id=batch_id)
        if batch.dry_run or batch.state not in ("done", "failed"):
            raise errors.Conflict(
                "Import %(batch_id)s has written nothing that could be undone.", batch_id=batch_id
            )
        if models.Undo.objects.filter(batch=batch).exists():
            raise errors.Conflict(
                "Import %(batch_id)s is undone already, or is being undone.", batch_id=batch_id
            )
        if batch.kind == "parents":
            raise errors.Invalid(
                "Parents are not undone. Import the right ones: the last word on a day counts."
            )
        undo = models.Undo.objects.create(
            batch=batch, state="queued", total=models.RowChange.objects.filter(batch=batch).count(),
            asked_at=at, by_id=by.user_id, through=by.through[:20],
        )  # fmt: skip
        models.Batch.objects.filter(pk=batch_id, state="failed").update(state="done")
        _dismiss(batch_id, by, at)
        audit.record(by=by, at=at, deed="import.undo", subject=f"import:{batch_id}", rows=undo.total)
    return undo.pk


def _dismiss(batch_id: int, by: Scope, at: datetime) -> None:
    left = Chosen(batch_id=batch_id)
    if rejections.count(chosen=left, seen_by=by):
        mending.dismiss(chosen=left, note="The import was undone.", by=by, at=at)


def resume(*, undo_id: int, by: Scope, at: datetime) -> None:
    """Queue a failed undo to go on where it stopped."""
    by.require("data.import")
    with transaction.atomic():
        failed = models.Undo.objects.filter(pk=undo_id, state="failed")
        if not failed.update(state="queued", error="", finished_at=None):
            raise errors.Conflict(
                "Undo %(undo_id)s has not failed, so there is nothing to resume.", undo_id=undo_id
            )
        audit.record(by=by, at=at, deed="undo.resume", subject=f"undo:{undo_id}")


def run(*, undo_id: int, at: datetime) -> None:
    """Carry an undo to its end, from wherever it stands; several workers at once do no harm.

    A chunk's rows, what became of each and the progress are one transaction. Events that are still on their way to the
    lake are waited for: the undo then stays queued, and whoever calls next goes on.
    """
    with alone(kind=LOCK, number=undo_id) as mine:
        if not mine:
            return
        unfinished = models.Undo.objects.filter(pk=undo_id, state__in=("queued", "running"))
        undo = unfinished.select_related("batch__source").first()
        if undo is None or _is_too_early(undo.batch):
            return
        unfinished.filter(started_at=None).update(started_at=at)
        unfinished.update(state="running")
        try:
            _carry(undo, at)
        except Exception as failure:
            said = failure.english if isinstance(failure, errors.Refused) else type(failure).__name__
            unfinished.update(state="failed", error=f"Stopped by: {said}", finished_at=at)
            _log.exception("undo %s failed", undo_id)
            raise
        unfinished.update(state="done", finished_at=at)


def _is_too_early(batch: models.Batch) -> bool:
    began = batch.started_at or batch.prepared_at
    return batch.kind == "events" and state.is_waiting(received_until=began)


def _carry(undo: models.Undo, at: datetime) -> None:
    batch = undo.batch
    if batch.kind == "events":
        # Twice does no harm: the retraction stands once, and ids that are free stay free.
        with transaction.atomic():
            retractions.take_back_origin(origin=batch.pk, source=batch.source.slug, at=undo.asked_at)
            retractions.free_ids(origin=batch.pk)
            models.Undo.objects.filter(pk=undo.pk).update(
                total=batch.created, done=batch.created, removed=batch.created
            )
    while _chunk(undo, at):
        pass


def _chunk(undo: models.Undo, at: datetime) -> bool:
    """Take back the next changes; the last ones first, so that what rests on others goes before them."""
    batch = undo.batch
    with transaction.atomic():
        waiting = models.RowChange.objects.select_for_update().filter(batch=batch, undone="")
        rows = list(waiting.order_by("-noun", "-pk")[:CHUNK])
        if not rows:
            return False
        noun = rows[0].noun
        rows = [row for row in rows if row.noun == noun]
        by = replace(system(through=undo.through), user_id=undo.by_id)
        deed = writing.Deed(batch.source.slug, by, at, vouched=False)
        kind = kinds.find(noun)
        outcomes = _removed(kind, [row for row in rows if row.before is None], deed)
        outcomes |= _restored(kind, [row for row in rows if row.before is not None], deed)
        for row in rows:
            row.undone, row.reason = outcomes[row.pk]
        models.RowChange.objects.bulk_update(rows, ["undone", "reason"])
        counted: dict[str, int] = defaultdict(int)
        for outcome, _ in outcomes.values():
            counted[outcome] += 1
        models.Undo.objects.filter(pk=undo.pk).update(
            done=F("done") + len(rows), removed=F("removed") + counted["removed"],
            restored=F("restored") + counted["restored"], left=F("left") + counted["left"],
        )  # fmt: skip
    return True


def _removed(kind: ImportKind, rows: Sequence[models.RowChange], deed: writing.Deed) -> Outcomes:
    """Remove what the import created, but for what changed since and what holds something by now."""
    if not rows:
        return {}
    outcomes, going = _standing(kind, rows)
    if kind.store is not None:
        held = removals.held(kind.store.model, keys=[row.key for row in going])
        outcomes |= {row.pk: ("left", f"it has {held[row.key]} by now") for row in going if row.key in held}
        going = [row for row in going if row.key not in held]
    keys = [row.key for row in going]
    if keys and kind.store is not None:
        kind.store.remove(kind.store.model, keys=keys, by=deed.by, at=deed.at)
    elif keys and kind.trace is not None:
        kind.trace.remove(keys=keys, by=deed.by, at=deed.at)
    return outcomes | {row.pk: ("removed", "") for row in going}


def _standing(kind: ImportKind, rows: Sequence[models.RowChange]) -> tuple[Outcomes, list[models.RowChange]]:
    seals = images.seals(kind, [row.key for row in rows])
    outcomes: Outcomes = {}
    going = []
    for row in rows:
        if row.key not in seals:
            outcomes[row.pk] = ("left", "it is gone already")
        elif seals[row.key] != row.seal:
            outcomes[row.pk] = ("left", CHANGED)
        else:
            going.append(row)
    return outcomes, going


def _restored(kind: ImportKind, rows: Sequence[models.RowChange], deed: writing.Deed) -> Outcomes:
    """Give former values back, by the door by which the import changed them."""
    now = images.of(kind, {row.key.partition(" @ ")[0] if kind.slug == "people" else row.key for row in rows})
    since = contracts.terms_since([row.key for row in rows]) if kind.slug == "contracts" else {}
    gone = _own_terms(kind, rows)
    outcomes: Outcomes = {}
    back: list[tuple[models.RowChange, Row]] = []
    for row in rows:
        # Former terms of a contract hold from the day on which the import let others begin.
        more = {"effective": str(since[row.key])} if row.key in since else {}
        made = _former(kind, row, now.get(row.key), more, without=TERMS if row.key in gone else ())
        if isinstance(made, str):
            outcomes[row.pk] = ("left", made)
        else:
            back.append((row, made))
    results = writing.write(kind.slug, [Fresh(made) for _, made in back], deed)
    placed: list[tuple[str, str]] = []
    for (row, made), (outcome, reason) in zip(back, results, strict=True):
        refused = outcome in ("rejected", "conflict")
        outcomes[row.pk] = ("left", reason[:300]) if refused else ("restored", "")
        if not refused and _is_new_place(kind, row):
            placed.append(((row.after or {})["account"], made.key))
    if placed:
        stakeholders.unplace(places=placed, source=deed.source, at=deed.at)
    return outcomes


def _own_terms(kind: ImportKind, rows: Sequence[models.RowChange]) -> set[str]:
    """The accounts whose own contract the import made, which is gone by now. One query for accounts."""
    if kind.slug != "accounts" or not rows:
        return set()
    named = {f"account:{row.key}": row.key for row in rows}
    made = models.RowChange.objects.filter(
        batch=rows[0].batch_id, noun="contracts", before__isnull=True, key__in=named, undone="removed"
    )
    return {named[key] for key in made.values_list("key", flat=True)}


def _is_new_place(kind: ImportKind, change: models.RowChange) -> bool:
    """Whether the import gave a person, whom one knew, a place in an account."""
    before, after = change.before or {}, change.after or {}
    return kind.slug == "people" and bool(after.get("account")) and not before.get("account")


def _former(
    kind: ImportKind,
    change: models.RowChange,
    now: Image | None,
    more: dict[str, str],
    *,
    without: Collection[str],
) -> Row | str:
    """The row that gives a changed row its former values back, or why it is left; `without` are fields that need nothing."""
    before: Image = {name: value for name, value in (change.before or {}).items() if name not in without}
    after: Image = {name: value for name, value in (change.after or {}).items() if name not in without}
    if now is None:
        return speech.english("it is gone already")
    if again := [name for name, value in after.items() if now.get(name, "") != value]:
        return speech.english("%(listed)s %(changed)s", listed=", ".join(again), changed=CHANGED)
    new_place = _is_new_place(kind, change)
    before = {name: value for name, value in before.items() if not new_place or images.is_of_person(name)}
    plain = {name: before[name] or None for name in before if not name.startswith(CUSTOM)}
    if stuck := [name for name, value in plain.items() if value is None and _stays(kind, name)]:
        return speech.english("%(listed)s cannot be emptied", listed=", ".join(stuck))
    needed = {field.slug for field in kind.fields if field.required}
    needed |= {"account"} if kind.slug == "people" and not new_place else set()
    needed |= set(kind.together) if not plain.keys().isdisjoint(kind.together) else set()
    stands = {name: now[name] for name in needed if now.get(name) and name not in plain}
    try:
        own = {"key": now["key"]} if "key" in now else {}
        values, _ = objects.told(kind, {**own, **stands, **plain, **more})
    except errors.Refused as refusal:
        return refusal.english[:300]
    rest = {name.removeprefix(CUSTOM): before[name] or None for name in before if name.startswith(CUSTOM)}
    return Row(0, now.get("key", ""), values, rest, 0, "", [])


def _stays(kind: ImportKind, name: str) -> bool:
    field = kind.field(name)
    return field.empty is KEEP and field.cleared is KEEP
