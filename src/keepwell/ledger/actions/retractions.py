"""Take an event back by its id, when its source cannot."""

from datetime import datetime

import polars as pl
from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import lake
from keepwell.ledger.actions import events


def take_back(*, event_id: str, by: Scope, at: datetime) -> None:
    """The event stops counting from now on, and still counts for what was known before. Reads the lake's ids once."""
    by.require("data.import")
    found = lake.scan().filter(pl.col("id") == event_id).select("account", "person", "source").collect()
    if found.is_empty():
        raise errors.NotFound(
            f'The lake holds no event "{event_id}". An id begins with its source, as in my-app:123.'
        )
    account, person, source = found.row(0)
    with transaction.atomic():
        events.retract(ids=[event_id], account=account, person=person, source=source, received_at=at)
        audit.record(by=by, at=at, deed="event.retract", subject=f"event:{event_id}")
