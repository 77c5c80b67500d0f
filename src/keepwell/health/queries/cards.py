"""Scorecards, and which version of which applies on which day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.access.queries import settings
from keepwell.health import cards, models
from keepwell.kernel.errors import NotFound
from keepwell.kernel.moments import day_of

IN_FORCE = "scorecard"


@dataclass(frozen=True)
class InForce:
    """A version of the company's scorecard, and the first day that it judges."""

    since: date
    version_id: int
    number: int
    slug: str
    title: str
    card: cards.Card


@dataclass(frozen=True)
class VersionView:
    """One saved state of a scorecard."""

    number: int
    definition: dict[str, Any]
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class ScorecardView:
    """A scorecard with its versions, newest first, and the number of the one in force."""

    slug: str
    title: str
    published: int | None
    versions: tuple[VersionView, ...]


def in_force() -> tuple[InForce, ...]:
    """The published versions of the company's card, ascending; each judges from its day until the next one's.

    A version judges the days from its publication on, so that what a past day showed stays true; the days before
    any publication are judged by the first. Two queries.
    """
    slug = settings.get(IN_FORCE)
    published = models.ScorecardVersion.objects.filter(scorecard__slug=slug, published_at__isnull=False)
    found: dict[date, InForce] = {}
    for version in published.select_related("scorecard").order_by("published_at", "number"):
        since = day_of(version.published_at) if found and version.published_at else date.min
        found[since] = InForce(
            since=since,
            version_id=version.pk,
            number=version.number,
            slug=version.scorecard.slug,
            title=version.scorecard.title,
            card=cards.read(version.definition),
        )
    return tuple(found[since] for since in sorted(found))


def on(day: date) -> InForce:
    """The version that judges a day."""
    versions = [version for version in in_force() if version.since <= day]
    if not versions:
        raise NotFound("No scorecard is published yet. Apply a practice pack: keepwell pack saas")
    return versions[-1]


def find(*, slug: str) -> ScorecardView:
    """A scorecard by its slug. Two queries."""
    card = models.Scorecard.objects.select_related("published").filter(slug=slug).first()
    if card is None:
        raise NotFound(f'There is no scorecard "{slug}".')
    versions = models.ScorecardVersion.objects.filter(scorecard=card).order_by("-number")
    return ScorecardView(
        card.slug,
        card.title,
        card.published.number if card.published else None,
        tuple(VersionView(v.number, v.definition, v.created_at, v.published_at) for v in versions),
    )
