"""Deeds on rules: declare them, and let them look at what changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.health.models import BandChange
from keepwell.signals import conditions, models


def put(*, slug: str, sentence: str, definition: Mapping[str, Any], by: Scope, at: datetime) -> models.Rule:
    """Declare a rule, or change it. One that is new or rested looks only at what changes from now on."""
    by.require("config.change")
    conditions.read(definition)
    with transaction.atomic():
        rule = models.Rule.objects.filter(slug=slug).first() or models.Rule(
            slug=slug, created_at=at, active=False
        )
        if rule.active and (rule.sentence, rule.definition) == (sentence, dict(definition)):
            return rule
        if not rule.active:
            rule.judged_through = BandChange.objects.aggregate(latest=Max("pk"))["latest"] or 0
        rule.sentence, rule.definition, rule.active = sentence, dict(definition), True
        rule.save()
        audit.record(by=by, at=at, deed="rule.put", subject=f"rule:{slug}", definition=dict(definition))
    return rule


def rest(*, slug: str, by: Scope, at: datetime) -> None:
    """Let a rule watch no more; what it noticed stays, and declaring it again wakes it."""
    by.require("config.change")
    with transaction.atomic():
        if models.Rule.objects.filter(slug=slug, active=True).update(active=False):
            audit.record(by=by, at=at, deed="rule.rest", subject=f"rule:{slug}")


def evaluate() -> list[models.Firing]:
    """Let each active rule look at the band changes it has not seen. Two queries a rule, and one for its firings."""
    fired: list[models.Firing] = []
    for rule in models.Rule.objects.filter(active=True):
        fired += _judge(rule)
    return fired


def _judge(rule: models.Rule) -> list[models.Firing]:
    condition = conditions.read(rule.definition)
    with transaction.atomic():
        changes = list(
            BandChange.objects.filter(pk__gt=rule.judged_through).select_related("account").order_by("pk")
        )
        if not changes:
            return []
        firings = [
            models.Firing(
                rule=rule,
                account_id=change.account_id,
                band_change=change,
                at=change.at,
                sentence=rule.sentence,
                evidence=_evidence(change),
            )
            for change in changes
            if condition.fires(from_band=change.from_band, to_band=change.to_band)
            and not change.account.former
        ]
        models.Firing.objects.bulk_create(firings)
        models.Rule.objects.filter(pk=rule.pk).update(judged_through=changes[-1].pk)
    return firings


def _evidence(change: BandChange) -> dict[str, Any]:
    return {
        "from": change.from_band,
        "to": change.to_band,
        "points": change.points,
        "parts": change.parts,
    }
