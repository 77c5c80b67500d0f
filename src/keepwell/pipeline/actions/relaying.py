"""Carry events to the lake as they come, whatever the later stages do meanwhile, and leave word of how it goes."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError

from keepwell.intake.actions import clashes
from keepwell.ledger.actions import relay
from keepwell.pipeline import models

STAGE = "relay"
SAID_EVERY = timedelta(seconds=10)


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
    _note_alive(at)
    return carried


def _note_alive(at: datetime) -> None:
    alive = models.Watermark.objects.filter(slug=STAGE, failure="", advanced_at__gt=at - SAID_EVERY)
    if not alive.exists():
        models.Watermark.objects.update_or_create(
            slug=STAGE, defaults={"advanced_at": at, "failure": "", "failed_at": None}
        )
