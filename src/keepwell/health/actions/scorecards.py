"""Deeds on scorecards: edit a draft, publish it, roll back, say which cards judge."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import settings as company_settings
from keepwell.access.actions.versions import Versions
from keepwell.access.queries import settings
from keepwell.access.scopes import Scope
from keepwell.health import cards, models
from keepwell.health.queries.cards import ORDERS, order
from keepwell.kernel.errors import Invalid, NotFound

CARDS = Versions("scorecard", models.Scorecard, models.ScorecardVersion)


def save(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.ScorecardVersion:
    """Save a definition as the card's draft: the one that is being edited, or a new one after the last published version.

    When it says what the last version says, that version itself is given.
    """
    by.require("config.change")
    cards.read(definition)
    with transaction.atomic():
        return CARDS.save(CARDS.named(slug=slug, title=title), definition, by=by, at=at)


def discard(*, slug: str, by: Scope, at: datetime) -> None:
    """Throw the draft away; a card that was never published goes with it."""
    by.require("config.change")
    with transaction.atomic():
        CARDS.discard(slug, by=by, at=at)


def publish(*, slug: str, number: int, by: Scope, at: datetime, seen: datetime | None = None) -> None:
    """Put a version in force from now on. The first card ever published becomes the company's.

    `seen` is when the draft that was looked at was last changed: if it changed since, it is refused. Stored scores follow
    with the next refresh.
    """
    by.require("config.change")
    with transaction.atomic():
        card, version = CARDS.to_publish(slug, number, seen=seen)
        if card.published_id != version.pk:
            _put(card, version, by=by, at=at)


def put(
    *, slug: str, title: str, definition: Mapping[str, Any], by: Scope, at: datetime
) -> models.ScorecardVersion:
    """Publish a definition at once, unless it is in force. A draft that is being edited stays as it is, behind it."""
    by.require("config.change")
    cards.read(definition)
    with transaction.atomic():
        card = CARDS.named(slug=slug, title=title)
        if card.published is not None and card.published.definition == dict(definition):
            return card.published
        return _put_before_draft(card, dict(definition), None, by=by, at=at)


def roll_back(*, slug: str, number: int, by: Scope, at: datetime) -> models.ScorecardVersion:
    """Publish what an earlier version said, as a new version. A draft that is being edited stays as it is, behind it."""
    by.require("config.change")
    with transaction.atomic():
        card, earlier = CARDS.to_return_to(slug, number)
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
    version = CARDS.before_draft(card, definition, at=at, verdict=verdict)
    _put(card, version, by=by, at=at, **details)
    return version


def note_verdict(*, version_id: int, definition: Mapping[str, Any], verdict: Mapping[str, Any]) -> None:
    """Keep with a version what its proof said of this definition; one that says something else by now stays unproven."""
    CARDS.note_verdict(version_id, definition=definition, verdict=verdict)


def put_in_order(*, order: Sequence[str], by: Scope, at: datetime) -> None:
    """From today on these cards judge: of those that apply to an account the first. The first order judges all days."""
    by.require("config.change")
    if twice := sorted({slug for slug in order if list(order).count(slug) > 1}):
        raise Invalid('"%(twice)s" stands twice in the order. Name each scorecard once.', twice=twice[0])
    published = set(models.Scorecard.objects.filter(published__isnull=False).values_list("slug", flat=True))
    for slug in order:
        if slug not in published:
            raise NotFound('There is no published scorecard "%(slug)s".', slug=slug)
    with transaction.atomic():
        said = settings.get(ORDERS, [])
        if said and said[-1]["order"] == list(order):
            return
        today = {"on": at.date().isoformat(), "order": list(order)}
        kept = [row for row in said if row["on"] != today["on"]]
        company_settings.put(key=ORDERS, value=[*kept, today], by=by, at=at)


def _put(
    card: models.Scorecard, version: models.ScorecardVersion, *, by: Scope, at: datetime, **details: Any
) -> None:
    CARDS.put_in_force(card, version, by=by, at=at, verdict=version.verdict, **details)
    if not order():
        put_in_order(order=[card.slug], by=by, at=at)
