"""Bring what the relay found to clash into the dead letter."""

import json
from typing import Any

from django.db import transaction

from keepwell.intake import models, reasons
from keepwell.kernel import figures, speech
from keepwell.ledger.actions import claims
from keepwell.ledger.actions.claims import Clashed
from keepwell.ledger.queries import erased

VIEWS = {"page.viewed": "page", "screen.viewed": "screen"}


def collect() -> int:
    """Keep every clash as a rejection of its source; gives how many. One transaction, three statements."""
    with transaction.atomic():
        found = claims.take_clashes()
        if not found:
            return 0
        slugs = {clash.source for clash in found}
        sources = dict(models.Source.objects.filter(slug__in=slugs).values_list("slug", "id"))
        models.Rejection.objects.bulk_create(
            _rejection(clash, sources[clash.source]) for clash in found if clash.source in sources
        )
    return len(found)


def _rejection(clash: Clashed, source_id: int) -> models.Rejection:
    message_id = clash.event_id.partition(":")[2]
    reason = clashing(clash.event_id)
    if clash.more:
        reason = speech.english(
            "%(more)s more events reused an id for other content; they were not kept.",
            more=figures.Whole(clash.more),
        )
    content = _call(clash.said, message_id) if clash.said else {}
    if erased.names(content):
        message_id, reason, content = "", erased.reason(reason), erased.REMAINS
    return models.Rejection(
        source_id=source_id,
        message_id=message_id[:200],
        verdict="conflict",
        reason=reason,
        content=content,
        received_at=clash.received_at,
        **reasons.columns(reason),
    )


def clashing(event_id: str) -> str:
    """What is said of an event that reuses an id."""
    message_id = event_id.partition(":")[2]
    return speech.english(
        'messageId "%(message_id)s" was received before with other content. The first one was kept.',
        message_id=message_id,
    )


def _call(said: dict[str, Any], message_id: str) -> dict[str, Any]:
    """The call as it would be sent to say the same."""
    name = said["name"]
    what = (
        {"type": VIEWS[name], "name": said["feature"]} if name in VIEWS else {"type": "track", "event": name}
    )
    who = {"userId": said["person"]} if said["person"] else {}
    where = {"context": {"groupId": said["account"]}} if said["account"] else {}
    props = json.loads(said["props"])
    return what | {"messageId": message_id, "timestamp": said["at"]} | who | where | {"properties": props}
