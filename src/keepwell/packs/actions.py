"""Deeds on packs."""

from datetime import datetime

from django.db import transaction

from keepwell.access.actions import settings as company_settings
from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health.actions import scorecards
from keepwell.metrics import catalogue
from keepwell.metrics.actions import definitions
from keepwell.metrics.actions import departures as declarations
from keepwell.metrics.queries import departures
from keepwell.outcomes.actions import journeys, templates, value_templates
from keepwell.packs import loading, queries
from keepwell.packs.pack import Pack
from keepwell.packs.queries import ACTIVE, APPLIED, Difference
from keepwell.plays.actions import cadences, playbooks, practices
from keepwell.segments.actions import segments
from keepwell.signals.actions import looking, rules


def apply(*, pack: str, by: Scope, at: datetime) -> tuple[Difference, ...]:
    """Put a shipped pack in force, all of it or nothing; see `install`."""
    return install(pack=loading.find(pack), by=by, at=at)


def install(*, pack: Pack, by: Scope, at: datetime) -> tuple[Difference, ...]:
    """Put a loaded pack in force, from wherever it was read; gives what changed. Applied again it changes nothing.

    Metrics, segments and cards of another pack stay, but its cards no longer judge, its rules no longer watch, its
    playbooks no longer start and its plans and value models are no longer begun from. Stored
    values, memberships and scores follow with the next refresh.
    """
    by.require("config.change")
    with transaction.atomic():
        changed = tuple(d for d in queries.differences(pack) if d.state != "same")
        for slug in queries.ending(pack):
            rules.rest(slug=slug, by=by, at=at)
        for slug in queries.ending_playbooks(pack):
            playbooks.rest(slug=slug, by=by, at=at)
        _measure(pack, by, at)
        for card in pack.scorecards:
            scorecards.put(slug=card.slug, title=card.title, definition=card.definition, by=by, at=at)
        scorecards.put_in_order(order=pack.order, by=by, at=at)
        for rule in pack.rules:
            rules.put(slug=rule.slug, title=rule.title, definition=rule.definition, by=by, at=at, begin=False)
        looking.locked()
        looking.begin(at=at)
        for book in pack.playbooks:
            playbooks.put(slug=book.slug, title=book.title, definition=book.definition, by=by, at=at)
        for slug in queries.ending_plans(pack):
            templates.rest(slug=slug, by=by, at=at)
        for plan in pack.plans:
            templates.put(slug=plan.slug, title=plan.title, definition=plan.definition, by=by, at=at)
        for slug in queries.ending_value(pack):
            value_templates.rest(slug=slug, by=by, at=at)
        for model in pack.value:
            value_templates.put(definition=model.definition, by=by, at=at)
        for key, value in ((ACTIVE, pack.slug), (APPLIED, queries.applied(pack))):
            if settings.get(key) != value:
                company_settings.put(key=key, value=value, by=by, at=at)
    return changed


def _measure(pack: Pack, by: Scope, at: datetime) -> None:
    """What is measured, which accounts belong together, when a customer counts as gone, how incidents are
    answered and how often customers are met."""
    for metric in pack.metrics:
        definitions.save(definition=catalogue.written(metric), by=by, at=at)
    for segment in pack.segments:
        segments.save(
            slug=segment.slug,
            title=segment.title,
            sentence=segment.sentence,
            condition=segment.condition,
            by=by,
            at=at,
        )
    if pack.departure is not None and not (
        departures.is_declared() and departures.declared() == pack.departure
    ):
        declarations.declare(definition=pack.departure.definition, by=by, at=at)
    if pack.practice is not None:
        practices.declare(definition=pack.practice.written, by=by, at=at)
    if pack.cadence is not None:
        cadences.declare(definition=pack.cadence.written, by=by, at=at)
    if pack.journey is not None:
        journeys.declare(definition=pack.journey.written, by=by, at=at)
