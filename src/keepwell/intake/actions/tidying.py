"""Files that are no longer needed: half-mapped uploads go at once, those of finished imports by hand or after a while."""

from datetime import datetime, timedelta

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.queries import settings
from keepwell.access.scopes import Scope, system
from keepwell.intake import files, models
from keepwell.kernel import errors

KEEP_DAYS = 90
SETTING = "imports.keep_days"


def discard(*, batch_id: int, by: Scope, at: datetime) -> None:
    """Delete an upload that was never started, with its file."""
    by.require("data.import")
    with transaction.atomic():
        batch = _locked(batch_id)
        if batch.state != "awaiting_mapping":
            raise errors.Conflict(
                "Import %(batch_id)s was started and stays on record. Its file can be deleted.",
                batch_id=batch_id,
            )
        batch.delete()
        audit.record(
            by=by, at=at, deed="import.discard", subject=f"import:{batch_id}", file_name=batch.file_name
        )
    files.forget(batch.file)


def forget_file(*, batch_id: int, by: Scope, at: datetime) -> None:
    """Delete the kept file of an import that has ended; its verdicts and its rejected rows stay."""
    by.require("data.import")
    with transaction.atomic():
        batch = _locked(batch_id)
        if batch.state != "done" or not batch.file:
            raise errors.Conflict(
                "Import %(batch_id)s has no file that could be deleted now.", batch_id=batch_id
            )
        _forgotten(batch, at)
        audit.record(by=by, at=at, deed="import.forget_file", subject=f"import:{batch_id}")
    files.forget(batch.file)


def forget_old(*, at: datetime) -> int:
    """Delete the files of imports that ended longer ago than the setting says (90 days); gives how many."""
    ended = at - timedelta(days=int(settings.get(SETTING, KEEP_DAYS)))
    old = models.Batch.objects.filter(state="done", finished_at__lt=ended).exclude(file="")
    forgotten = 0
    for batch_id in old.order_by("pk").values_list("pk", flat=True):
        forget_file(batch_id=batch_id, by=system(through="nightly"), at=at)
        forgotten += 1
    return forgotten


def _locked(batch_id: int) -> models.Batch:
    batch = models.Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise errors.NotFound("There is no import %(batch_id)s.", batch_id=batch_id)
    return batch


def _forgotten(batch: models.Batch, at: datetime) -> None:
    models.Batch.objects.filter(pk=batch.pk).update(file="", forgotten_at=at)
