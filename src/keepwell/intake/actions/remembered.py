"""Remember how files are read."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.intake import models
from keepwell.intake.formats import Formats
from keepwell.intake.queries.mappings import header
from keepwell.kernel import errors


def note(
    batch: models.Batch,
    *,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    formats: Formats,
    by: Scope,
    at: datetime,
) -> None:
    """Let the next file of the source with this header and kind be read like this one. Two queries."""
    same = {"source_id": batch.source_id, "kind": batch.kind, "header": header(batch.columns)}
    said = {
        "mapping": dict(mapping),
        "constants": dict(constants),
        "formats": formats.plain(),
        "used_at": at,
        "by_id": by.user_id,
    }
    if not models.UsedMapping.objects.filter(**same).update(**said, times=F("times") + 1):
        models.UsedMapping.objects.bulk_create(
            [models.UsedMapping(**same, **said, columns=batch.columns)], ignore_conflicts=True
        )


def forget(*, mapping_id: int, by: Scope, at: datetime) -> None:
    """Let the next file be read by the names of its columns again."""
    by.require("data.import")
    with transaction.atomic():
        gone, _ = models.UsedMapping.objects.filter(pk=mapping_id).delete()
        if not gone:
            raise errors.NotFound("There is no mapping %(mapping_id)s.", mapping_id=mapping_id)
        audit.record(by=by, at=at, deed="mapping.forget", subject=f"mapping:{mapping_id}")
