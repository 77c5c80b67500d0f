"""Deeds on scorecards: save a version, publish it, put a card in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.actions import settings as company_settings
from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health import cards, models
from keepwell.health.queries.cards import IN_FORCE
from keepwell.kernel import slugs
from keepwell.kernel.errors import Conflict, NotFound


class AlreadyPublished(Conflict):
    """A version comes into force once."""


def save(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.ScorecardVersion:
    """Save a definition as the card's next version; the newest one again when nothing changed."""
    by.require("config.change")
    cards.read(definition)
    with transaction.atomic():
        card, created = models.Scorecard.objects.select_for_update().get_or_create(
            slug=slugs.checked(slug), defaults={"title": title}
        )
        if not created and card.title != title:
            models.Scorecard.objects.filter(pk=card.pk).update(title=title)
        newest = models.ScorecardVersion.objects.filter(scorecard=card).order_by("-number").first()
        if newest is not None and newest.definition == definition:
            return newest
        version = models.ScorecardVersion.objects.create(
            scorecard=card,
            number=newest.number + 1 if newest else 1,
            definition=dict(definition),
            created_at=at,
        )
        audit.record(by=by, at=at, deed="scorecard.save", subject=f"scorecard:{slug}", version=version.number)
    return version


def publish(*, slug: str, number: int, by: Scope, at: datetime) -> None:
    """Put a version in force from now on. The first card ever published becomes the company's.

    Stored scores follow with the next refresh. To roll back, save the old definition again and publish that.
    """
    by.require("config.change")
    with transaction.atomic():
        card = models.Scorecard.objects.select_for_update().filter(slug=slug).first()
        version = models.ScorecardVersion.objects.filter(scorecard=card, number=number).first()
        if card is None or version is None:
            raise NotFound(f'There is no version {number} of a scorecard "{slug}".')
        if card.published_id == version.pk:
            return
        if version.published_at is not None:
            raise AlreadyPublished(
                f"Version {number} was in force before, and a version comes into force once. "
                "Save its definition as a new version and publish that."
            )
        models.ScorecardVersion.objects.filter(pk=version.pk).update(published_at=at)
        models.Scorecard.objects.filter(pk=card.pk).update(published=version)
        audit.record(by=by, at=at, deed="scorecard.publish", subject=f"scorecard:{slug}", version=number)
        if settings.get(IN_FORCE) is None:
            put_in_force(slug=slug, by=by, at=at)


def put_in_force(*, slug: str, by: Scope, at: datetime) -> None:
    """Judge the whole company by this card, all stored days included."""
    if not models.Scorecard.objects.filter(slug=slug, published__isnull=False).exists():
        raise NotFound(f'There is no published scorecard "{slug}".')
    company_settings.put(key=IN_FORCE, value=slug, by=by, at=at)
