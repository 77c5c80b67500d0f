"""Carry events to the lake as they come, whatever the later stages do meanwhile, and leave word of how it goes."""

from contextlib import suppress
from datetime import datetime

from django.db import DatabaseError

from keepwell.intake.actions import clashes
from keepwell.ledger.actions import relay
from keepwell.pipeline import models

STAGE = "relay"


def carry(*, at: datetime) -> relay.Relayed | None:
    """Carry one batch; None when nothing waits. What stops it is noted before it is raised."""
    try:
        carried = relay.run(at=at)
        if carried is not None:
            clashes.collect()
    except Exception as failure:
        said = f"{type(failure).__name__}: {failure}"[:2000]
        with suppress(DatabaseError):  # it may be the database that fails
            models.Watermark.objects.update_or_create(slug=STAGE, defaults={"failure": said, "failed_at": at})
        raise
    return carried


def note_alive(*, at: datetime) -> None:
    """Say that a relay works; what stopped it before is over."""
    models.Watermark.objects.update_or_create(
        slug=STAGE, defaults={"advanced_at": at, "failure": "", "failed_at": None}
    )
