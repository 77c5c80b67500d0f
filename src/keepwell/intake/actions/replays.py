"""Rejections sent in again by the path that refused them: rows by their import's mapping, calls by the translation."""

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope, system
from keepwell.intake import models, reading, reasons
from keepwell.intake.actions import changes, repeats, running, tracking, writing
from keepwell.intake.actions.alone import alone
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import rejections
from keepwell.intake.queries.sources import view_of
from keepwell.intake.rows import BEYOND, NOT_WHOLE, Unfit
from keepwell.kernel import errors

CHUNK = 500
INLINE = 200
LOCK = 0x7265706C

_QUEUE = """
INSERT INTO intake_attempt (replay_id, rejection_id, outcome, reason)
SELECT %s, chosen.id, '', '' FROM ({chosen}) chosen(id) ORDER BY chosen.id
"""

Result = tuple[str, str]
Results = dict[int, Result]

_log = logging.getLogger(__name__)


def start(*, chosen: Chosen, by: Scope, at: datetime) -> int:
    """Queue the chosen open rejections to be sent in again; gives the replay's id. Four queries."""
    by.require("data.import")
    with transaction.atomic():
        replay = models.Replay.objects.create(
            chosen=chosen.plain(), state="queued", total=0, asked_at=at, by_id=by.user_id,
            through=by.through[:20],
        )  # fmt: skip
        total = _queue(replay, chosen)
        if not total:
            raise errors.NotFound("No open rejection is chosen, so there is nothing to replay.")
        models.Replay.objects.filter(pk=replay.pk).update(total=total)
        audit.record(
            by=by, at=at, deed="rejections.replay", subject=f"replay:{replay.pk}", rows=total,
            chosen=chosen.plain(),
        )  # fmt: skip
    return replay.pk


def _queue(replay: models.Replay, chosen: Chosen) -> int:
    rows = rejections.rows(chosen).order_by("pk").values("pk")
    try:
        chosen_sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE.format(chosen=chosen_sql), [replay.pk, *parameters])
        return int(cursor.rowcount)


def run(*, replay_id: int, at: datetime) -> None:
    """Carry a replay to its end, from wherever it stands; several workers at once do no harm.

    A chunk's rows, its verdicts and the replay's progress are one transaction: a kill costs nothing but the chunk.
    """
    with alone(kind=LOCK, number=replay_id) as mine:
        if not mine:
            return
        unfinished = models.Replay.objects.filter(pk=replay_id, state__in=("queued", "running"))
        unfinished.filter(started_at=None).update(started_at=at)
        unfinished.update(state="running")
        replay = unfinished.first()
        if replay is None:
            return
        try:
            while _chunk(replay, at):
                pass
        except Exception as failure:
            said = failure.english if isinstance(failure, errors.Refused) else type(failure).__name__
            unfinished.update(state="failed", error=f"Stopped by: {said}", finished_at=at)
            _log.exception("replay %s failed", replay_id)
            raise
        unfinished.update(state="done", finished_at=at)


def resume(*, replay_id: int, by: Scope, at: datetime) -> None:
    """Queue a failed replay to go on where it stopped."""
    by.require("data.import")
    with transaction.atomic():
        failed = models.Replay.objects.filter(pk=replay_id, state="failed")
        if not failed.update(state="queued", error="", finished_at=None):
            raise errors.Conflict(
                "Replay %(replay_id)s has not failed, so there is nothing to resume.", replay_id=replay_id
            )
        audit.record(by=by, at=at, deed="replay.resume", subject=f"replay:{replay_id}")


def _chunk(replay: models.Replay, at: datetime) -> bool:
    """Send in the next rejections that wait; tells whether there were any."""
    with transaction.atomic():
        waiting = list(models.Attempt.objects.filter(replay=replay, outcome="").order_by("pk")[:CHUNK])
        if not waiting:
            return False
        ids = [attempt.rejection_id for attempt in waiting]
        found = models.Rejection.objects.filter(pk__in=ids).select_related("batch__source", "source")
        rows = list(found.select_for_update(of=("self",)).order_by("pk"))
        by = replace(system(through=replay.through), user_id=replay.by_id)
        results: Results = {row.pk: ("settled", "") for row in rows if row.state != "open"}
        results |= _sent([row for row in rows if row.state == "open"], by, at)
        _settle(rows, results)
        for attempt in waiting:
            attempt.outcome, attempt.reason = results[attempt.rejection_id]
            attempt.at = at
        models.Attempt.objects.bulk_update(waiting, ["outcome", "reason", "at"])
        refused = sum(attempt.outcome in ("rejected", "conflict") for attempt in waiting)
        taken = len(waiting) - refused - sum(attempt.outcome == "settled" for attempt in waiting)
        models.Replay.objects.filter(pk=replay.pk).update(
            done=F("done") + len(waiting), taken=F("taken") + taken, refused=F("refused") + refused
        )
    return True


def _settle(rows: Sequence[models.Rejection], results: Results) -> None:
    """Close what was taken; of the others keep the newest reason."""
    taken, refused = [], []
    for row in rows:
        outcome, reason = results[row.pk]
        if outcome in ("rejected", "conflict"):
            row.verdict, row.reason = outcome, reason
            row.why, row.about = reasons.told(reason)
            refused.append(row)
        elif outcome != "settled":
            taken.append(row.pk)
    models.Rejection.objects.filter(pk__in=taken).update(state="replayed")
    models.Rejection.objects.bulk_update(refused, ["verdict", "reason", "why", "about"])


def _sent(rows: Sequence[models.Rejection], by: Scope, at: datetime) -> Results:
    imports: dict[models.Batch, list[models.Rejection]] = defaultdict(list)
    senders: dict[models.Source, list[models.Rejection]] = defaultdict(list)
    for row in rows:
        if row.batch is not None:
            imports[row.batch].append(row)
        else:
            senders[row.source].append(row)
    results: Results = {}
    for batch, letters in imports.items():
        results |= _rows(batch, letters, by, at)
    for source, letters in senders.items():
        results |= _calls(source, letters, at)
    return results


def _rows(batch: models.Batch, letters: Sequence[models.Rejection], by: Scope, at: datetime) -> Results:
    """Rows by the mapping, the source and the vouching of their import; known from now on unless vouched for."""
    layout = running.layout_of(batch)
    results: Results = {}
    fresh: list[repeats.Fresh] = []
    senders: list[int] = []
    alike: dict[str, int] = defaultdict(int)
    for letter in letters:
        row = layout.read(_record(batch, letter))
        if isinstance(row, Unfit):
            results[letter.pk] = ("rejected", row.reason)
            continue
        # Rows without a key that are alike each count, as in their file.
        nth = alike[row.digest] if not row.key else 0
        alike[row.digest] += 1
        fresh.append(repeats.Fresh(row, nth=nth))
        senders.append(letter.pk)
    overtaken = _overtaken(batch, [item.row.key for item in fresh if item.row.key])
    for pk, item in zip(senders, fresh, strict=True):
        if later := overtaken.get(item.row.key):
            reason = f'"{item.row.key}" was told anew by import {later}, after this row was refused.'
            results[pk] = ("conflict", layout.unfit(item.row.number, item.row.cells, reason).reason)
    senders, fresh = (
        [pk for pk in senders if pk not in results],
        [item for pk, item in zip(senders, fresh, strict=True) if pk not in results],
    )
    deed = writing.Deed(batch.source.slug, by, at, batch.vouched, batch.pk)
    watch = changes.Watch(batch.kind, fresh)
    written = writing.write(batch.kind, fresh, deed)
    changes.keep(batch_id=batch.pk, changed=watch.told(written))
    for pk, item, (outcome, reason) in zip(senders, fresh, written, strict=True):
        told = layout.unfit(item.row.number, item.row.cells, reason).reason if reason else ""
        results[pk] = (outcome, told)
    return results


def _overtaken(batch: models.Batch, keys: Sequence[str]) -> dict[str, int]:
    """Rows that a later import created or changed: a replay must not put older values in their place. One query."""
    later = models.RowChange.objects.filter(noun=batch.kind, key__in=keys, batch__gt=batch.pk, undone="")
    return dict(later.filter(batch__dry_run=False).order_by("batch").values_list("key", "batch"))


def _record(batch: models.Batch, letter: models.Rejection) -> reading.Record:
    content, cells = letter.content, []
    for column in batch.columns:
        if column not in content:
            break
        cells.append(str(content[column]))
    fault = ""
    if cut := content.get(NOT_WHOLE):
        fault = f"{', '.join(cut)} was not kept as it came. Give the whole of it, then replay."
    return reading.Record(letter.row or 0, [*cells, *content.get(BEYOND, ())], 0, fault)


def _calls(source: models.Source, letters: Sequence[models.Rejection], at: datetime) -> Results:
    calls = [
        tracking.Once(
            json.dumps(letter.content, ensure_ascii=False).encode(),
            letter.pk if letter.row is None else letter.row,
            letter.sent_at,
            letter.received_at,
        )
        for letter in letters
    ]
    results = _again(source, calls, at)
    return {letter.pk: result for letter, result in zip(letters, results, strict=True)}


def _again(source: models.Source, calls: Sequence[tracking.Once], at: datetime) -> list[Result]:
    """The outcomes of calls; when the ledger fails on one, halving finds it."""
    try:
        with transaction.atomic():
            return tracking.again(source=view_of(source), calls=calls, at=at)
    except writing.ROW_FAILURES as failure:
        if len(calls) > 1:
            half = len(calls) // 2
            return _again(source, calls[:half], at) + _again(source, calls[half:], at)
        _log.warning("a call of a replay could not be stored", exc_info=failure)
        return [("rejected", writing.unstorable(failure))]
