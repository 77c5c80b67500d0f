"""Deeds on scorecards: edit a draft, publish it, roll back, say which cards judge."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.actions import settings as company_settings
from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health import cards, models
from keepwell.health.queries.cards import ORDERS, order
from keepwell.kernel import slugs
from keepwell.kernel.errors import Conflict, Invalid, NotFound


class AlreadyPublished(Conflict):
    """A version comes into force once."""


class DraftChanged(Conflict):
    """Somebody edited the draft since it was looked at."""


def save(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.ScorecardVersion:
    """Save a definition as the card's draft: the one that is being edited, or a new one after the last published version.

    When it says what the last version says, that version itself is given.
    """
    by.require("config.change")
    cards.read(definition)
    if not title.strip():
        raise Invalid("A scorecard needs a title.")
    with transaction.atomic():
        card, created = models.Scorecard.objects.select_for_update().get_or_create(
            slug=slugs.checked(slug), defaults={"title": title}
        )
        if not created and card.title != title:
            models.Scorecard.objects.filter(pk=card.pk).update(title=title)
        newest = models.ScorecardVersion.objects.filter(scorecard=card).order_by("-number").first()
        if newest is not None and newest.definition == definition:
            return newest
        version = _draft(card, newest, dict(definition), at)
        audit.record(by=by, at=at, deed="scorecard.save", subject=f"scorecard:{slug}", version=version.number)
    return version


def _draft(
    card: models.Scorecard, newest: models.ScorecardVersion | None, definition: dict[str, Any], at: datetime
) -> models.ScorecardVersion:
    """The draft with a new definition; what its proof said of the old one is void."""
    if newest is None or newest.published_at is not None:
        number = newest.number + 1 if newest else 1
        return models.ScorecardVersion.objects.create(
            scorecard=card, number=number, definition=definition, created_at=at, changed_at=at
        )
    newest.definition, newest.changed_at, newest.verdict = definition, at, None
    newest.save(update_fields=["definition", "changed_at", "verdict"])
    return newest


def discard(*, slug: str, by: Scope, at: datetime) -> None:
    """Throw the draft away; a card that was never published goes with it."""
    by.require("config.change")
    with transaction.atomic():
        card, draft = _locked(slug), models.ScorecardVersion.objects.filter(scorecard__slug=slug)
        gone, _ = draft.filter(published_at=None).delete()
        if not gone:
            raise NotFound(f'The scorecard "{slug}" has no draft.')
        if not draft.exists():
            card.delete()
        audit.record(by=by, at=at, deed="scorecard.discard", subject=f"scorecard:{slug}")


def publish(*, slug: str, number: int, by: Scope, at: datetime, seen: datetime | None = None) -> None:
    """Put a version in force from now on. The first card ever published becomes the company's.

    `seen` is when the draft that was looked at was last changed: if it changed since, it is refused. Stored scores follow
    with the next refresh.
    """
    by.require("config.change")
    with transaction.atomic():
        card = _locked(slug)
        version = models.ScorecardVersion.objects.filter(scorecard=card, number=number).first()
        if version is None:
            raise NotFound(f'There is no version {number} of a scorecard "{slug}".')
        if card.published_id == version.pk:
            return
        if version.published_at is not None:
            raise AlreadyPublished(
                f"Version {number} was in force before, and a version comes into force once. "
                "Roll back to it: its definition is then published as a new version."
            )
        if seen is not None and seen != version.changed_at:
            raise DraftChanged("Somebody edited this draft since you looked at it. Look again, then publish.")
        _put(card, version, by=by, at=at)


def put(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.ScorecardVersion:
    """Publish a definition at once, unless it is in force. A draft that is being edited stays as it is, behind it."""
    by.require("config.change")
    cards.read(definition)
    with transaction.atomic():
        card, _ = models.Scorecard.objects.select_for_update().get_or_create(
            slug=slugs.checked(slug), defaults={"title": title}
        )
        if card.title != title:
            models.Scorecard.objects.filter(pk=card.pk).update(title=title)
        if card.published is not None and card.published.definition == dict(definition):
            return card.published
        return _put_before_draft(card, dict(definition), None, by=by, at=at)


def roll_back(*, slug: str, number: int, by: Scope, at: datetime) -> models.ScorecardVersion:
    """Publish what an earlier version said, as a new version. A draft that is being edited stays as it is, behind it."""
    by.require("config.change")
    with transaction.atomic():
        card = _locked(slug)
        earlier = models.ScorecardVersion.objects.filter(
            scorecard=card, number=number, published_at__isnull=False
        ).first()
        if earlier is None:
            raise NotFound(f'No version {number} of the scorecard "{slug}" was ever published.')
        if card.published_id == earlier.pk:
            raise Conflict(f"Version {number} is in force.")
        return _put_before_draft(
            card, earlier.definition, earlier.verdict, by=by, at=at, rolled_back_to=number
        )


def _put_before_draft(
    card: models.Scorecard,
    definition: dict[str, Any],
    verdict: dict[str, Any] | None,
    *,
    by: Scope,
    at: datetime,
    **details: Any,
) -> models.ScorecardVersion:
    versions = models.ScorecardVersion.objects.filter(scorecard=card).order_by("-number")
    newest = versions.first()
    number = newest.number + 1 if newest else 1
    if newest is not None and newest.published_at is None:
        versions.filter(pk=newest.pk).update(number=number)
        number = newest.number
    version = models.ScorecardVersion.objects.create(
        scorecard=card, number=number, definition=definition, created_at=at, changed_at=at, verdict=verdict
    )
    _put(card, version, by=by, at=at, **details)
    return version


def note_verdict(*, version_id: int, definition: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
    """Keep with a version what its proof said of this definition; one that says something else by now stays unproven."""
    versions = models.ScorecardVersion.objects.filter(pk=version_id, definition=dict(definition))
    versions.update(verdict=dict(verdict))


def put_in_order(*, order: Sequence[str], by: Scope, at: datetime) -> None:
    """From today on these cards judge: of those that apply to an account the first. The first order judges all days."""
    by.require("config.change")
    if twice := sorted({slug for slug in order if list(order).count(slug) > 1}):
        raise Invalid(f'"{twice[0]}" stands twice in the order. Name each scorecard once.')
    published = set(models.Scorecard.objects.filter(published__isnull=False).values_list("slug", flat=True))
    for slug in order:
        if slug not in published:
            raise NotFound(f'There is no published scorecard "{slug}".')
    with transaction.atomic():
        said = settings.get(ORDERS, [])
        if said and said[-1]["order"] == list(order):
            return
        today = {"on": at.date().isoformat(), "order": list(order)}
        kept = [row for row in said if row["on"] != today["on"]]
        company_settings.put(key=ORDERS, value=[*kept, today], by=by, at=at)


def _locked(slug: str) -> models.Scorecard:
    card = models.Scorecard.objects.select_for_update().filter(slug=slug).first()
    if card is None:
        raise NotFound(f'There is no scorecard "{slug}".')
    return card


def _put(
    card: models.Scorecard, version: models.ScorecardVersion, *, by: Scope, at: datetime, **details: Any
) -> None:
    models.ScorecardVersion.objects.filter(pk=version.pk).update(published_at=at)
    models.Scorecard.objects.filter(pk=card.pk).update(published=version)
    audit.record(
        by=by,
        at=at,
        deed="scorecard.publish",
        subject=f"scorecard:{card.slug}",
        version=version.number,
        verdict=version.verdict,
        **details,
    )
    if not order():
        put_in_order(order=[card.slug], by=by, at=at)
