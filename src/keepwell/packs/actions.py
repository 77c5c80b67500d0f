"""Deeds on packs."""

from datetime import datetime

from django.db import transaction

from keepwell.access.actions import settings as company_settings
from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.actions import scorecards
from keepwell.packs import loading, queries
from keepwell.packs.queries import ACTIVE, Difference
from keepwell.signals.actions import rules


def apply(*, pack: str, by: Scope, at: datetime) -> tuple[Difference, ...]:
    """Put a shipped pack in force, all of it or nothing; gives what changed. Applied again it changes nothing.

    Cards and rules of another pack stay where they are, but its cards no longer judge. Stored scores follow with
    the next refresh.
    """
    return install(pack=loading.find(pack), by=by, at=at)


def install(*, pack: loading.Pack, by: Scope, at: datetime) -> tuple[Difference, ...]:
    """Put a loaded pack in force, from wherever it was read."""
    by.require("config.change")
    with transaction.atomic():
        changed = tuple(d for d in queries.differences(pack) if d.state != "same")
        for card in pack.scorecards:
            scorecards.put(slug=card.slug, title=card.title, definition=card.definition, by=by, at=at)
        scorecards.put_in_order(order=pack.order, by=by, at=at)
        for rule in pack.rules:
            rules.put(slug=rule.slug, sentence=rule.sentence, definition=rule.definition, by=by, at=at)
        if settings.get(ACTIVE) != pack.slug:
            company_settings.put(key=ACTIVE, value=pack.slug, by=by, at=at)
    return changed
