"""Deeds on single rejections and on many: mend what they say, put them aside, take them up again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import envelopes, models
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import rejections
from keepwell.intake.rows import BEYOND, KEPT, NOT_WHOLE
from keepwell.kernel import errors, figures

NOTE_LENGTH = 500


def mend(*, rejection_id: int, content: Mapping[str, Any], by: Scope, at: datetime) -> None:
    """Change what a replay of an open rejection will send; a row's cells, or the whole of a call."""
    by.require("data.import")
    with transaction.atomic():
        row = _open(rejection_id)
        mended = _cells(row, content) if row.batch else _call(content)
        if mended == row.content:
            return
        models.Mending.objects.create(
            rejection=row, before=row.content, by_id=by.user_id, through=by.through[:20], at=at
        )
        models.Rejection.objects.filter(pk=row.pk).update(content=mended)
        audit.record(by=by, at=at, deed="rejection.mend", subject=f"rejection:{row.pk}")


def mend_call(*, rejection_id: int, text: str, by: Scope, at: datetime) -> None:
    """The same for a call that is written as JSON."""
    try:
        content = json.loads(text)
    except ValueError as failure:
        raise errors.Invalid(
            "The JSON is malformed: %(failure)s. Nothing was changed.", failure=str(failure)
        ) from None
    if not isinstance(content, dict):
        raise errors.Invalid("A call is a JSON object, as in {…}. Nothing was changed.")
    mend(rejection_id=rejection_id, content=content, by=by, at=at)


def set_column(*, chosen: Chosen, column: str, value: str, by: Scope, at: datetime) -> int:
    """Set one column of all chosen open rows to a value; gives how many it changed. Three queries."""
    by.require("data.import")
    _text(value, column)
    if column not in rejections.columns(chosen=chosen, seen_by=by):
        raise errors.Invalid('None of these rows has a column "%(column)s".', column=column)
    with transaction.atomic():
        ids = list(
            rejections.rows(chosen)
            .filter(batch__columns__contains=[column])
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO intake_mending (rejection_id, before, by_id, through, at) "
                "SELECT id, content, %s, %s, %s FROM intake_rejection "
                "WHERE id = ANY(%s) AND content->>%s IS DISTINCT FROM %s",
                [by.user_id, by.through[:20], at, ids, column, value],
            )
            cursor.execute(
                "UPDATE intake_rejection SET content = content || jsonb_build_object(%s::text, %s::text) "
                "WHERE id = ANY(%s) AND content->>%s IS DISTINCT FROM %s",
                [column, value, ids, column, value],
            )
            changed = int(cursor.rowcount)
        audit.record(
            by=by, at=at, deed="rejections.mend", subject="rejections", column=column, rows=changed,
            chosen=chosen.plain(),
        )  # fmt: skip
    return changed


def dismiss(*, chosen: Chosen, note: str, by: Scope, at: datetime) -> int:
    """Put the chosen open rejections aside; gives how many. Three queries."""
    by.require("data.import")
    note = note.strip()
    if len(note) > NOTE_LENGTH:
        raise errors.Invalid(
            "The note has %(n)s characters; at most %(note_length)s are taken.",
            n=len(note),
            note_length=NOTE_LENGTH,
        )
    with transaction.atomic():
        ids = list(
            rejections.rows(chosen)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
        )
        models.Dismissal.objects.bulk_create(
            (
                models.Dismissal(rejection_id=pk, note=note, by_id=by.user_id, through=by.through[:20], at=at)
                for pk in ids
            ),
            batch_size=5000,
        )
        models.Rejection.objects.filter(pk__in=ids, state="open").update(state="dismissed")
        audit.record(
            by=by, at=at, deed="rejections.dismiss", subject=_subject(chosen), rows=len(ids), note=note,
            chosen=chosen.plain(),
        )  # fmt: skip
    return len(ids)


def reopen(*, rejection_id: int, by: Scope, at: datetime) -> None:
    """Take a dismissed rejection up again."""
    by.require("data.import")
    with transaction.atomic():
        if not models.Rejection.objects.filter(pk=rejection_id, state="dismissed").update(state="open"):
            state = rejections.find(rejection_id=rejection_id, seen_by=by).state
            raise errors.Conflict(
                "Rejection %(rejection_id)s is %(state)s, not dismissed.",
                rejection_id=rejection_id,
                state=state,
            )
        models.Dismissal.objects.filter(rejection=rejection_id, until=None).update(until=at)
        audit.record(by=by, at=at, deed="rejection.reopen", subject=f"rejection:{rejection_id}")


def _subject(chosen: Chosen) -> str:
    return f"rejection:{chosen.ids[0]}" if len(chosen.ids) == 1 else "rejections"


def _open(rejection_id: int) -> models.Rejection:
    found = models.Rejection.objects.select_related("batch").exclude(state="rehearsed")
    row = found.select_for_update(of=("self",)).filter(pk=rejection_id).first()
    if row is None:
        raise errors.NotFound("There is no rejection %(rejection_id)s.", rejection_id=rejection_id)
    if row.state != "open":
        raise errors.Conflict(
            "Rejection %(rejection_id)s is %(state)s and cannot be mended.",
            rejection_id=rejection_id,
            state=row.state,
        )
    return row


def _cells(row: models.Rejection, content: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the given cells; once a row is mended, all of its columns stand in it."""
    assert row.batch is not None
    for column, cell in content.items():
        if column not in row.batch.columns:
            raise errors.Invalid(
                '%(file_name)s has no column "%(column)s". It has: %(listed)s.',
                file_name=row.batch.file_name,
                column=column,
                listed=", ".join(row.batch.columns),
            )
        _text(cell, column)
    whole = {column: content.get(column, row.content.get(column, "")) for column in row.batch.columns}
    if missing := [column for column in row.content.get(NOT_WHOLE, ()) if column not in content]:
        return whole | {NOT_WHOLE: missing}
    return whole | ({BEYOND: row.content[BEYOND]} if BEYOND in row.content and not content else {})


def _text(cell: Any, column: str) -> None:
    if not isinstance(cell, str):
        raise errors.Invalid("%(column)s must be text, as in a CSV file.", column=column)
    if "\x00" in cell:
        raise errors.Invalid("%(column)s holds the character NUL, which no text may hold.", column=column)
    if len(cell) > KEPT:
        raise errors.Invalid(
            "%(column)s has %(n)s characters; at most %(kept)s are taken.",
            column=column,
            n=figures.Whole(len(cell)),
            kept=figures.Whole(KEPT),
        )


def _call(content: Mapping[str, Any]) -> dict[str, Any]:
    encoded = json.dumps(content)
    if len(encoded) > envelopes.EVENT_BYTES:
        raise errors.Invalid(
            "The call has %(n)s bytes; at most %(event_bytes)s are taken.",
            n=figures.Whole(len(encoded)),
            event_bytes=figures.Whole(envelopes.EVENT_BYTES),
        )
    if "\\u0000" in encoded:
        raise errors.Invalid("A string holds the character NUL, which no text may hold.")
    return dict(content)
