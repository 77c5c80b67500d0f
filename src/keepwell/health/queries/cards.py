"""Scorecards, and which version of which judges on which day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.access.queries import settings
from keepwell.health import cards, models
from keepwell.health.card import Card
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound
from keepwell.kernel.moments import day_of
from keepwell.segments.queries import vocabulary

ORDERS = "scorecards"
NOTHING = speech.later("No scorecard is published yet. Apply a practice pack: keepwell pack apply saas")


@dataclass(frozen=True)
class InForce:
    """A published version of a scorecard, and the first day that it may judge."""

    since: date
    version_id: int
    number: int
    slug: str
    title: str
    card: Card


@dataclass(frozen=True)
class Order:
    """From a day on these scorecards judge: of those that apply to an account, the first."""

    since: date
    slugs: tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """From a day on, until the next one's, these versions judge, in order."""

    since: date
    versions: tuple[InForce, ...]


@dataclass(frozen=True)
class VersionView:
    """One state of a scorecard; a draft while it was never published. `verdict` is what its proof said."""

    number: int
    definition: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    verdict: dict[str, Any] | None

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return self.published_at is None


@dataclass(frozen=True)
class ScorecardView:
    """A scorecard with its versions, newest first, the number of the one in force, and its place in the order from 1.

    `place` is None when it judges nobody.
    """

    slug: str
    title: str
    published: int | None
    place: int | None
    versions: tuple[VersionView, ...]

    @property
    def draft(self) -> VersionView | None:
        """The version that is being edited."""
        return next((version for version in self.versions if version.is_draft), None)

    def version(self, number: int) -> VersionView:
        """One of its versions."""
        found = next((version for version in self.versions if version.number == number), None)
        if found is None:
            raise NotFound(
                'There is no version %(number)s of the scorecard "%(slug)s".', number=number, slug=self.slug
            )
        return found


def orders() -> tuple[Order, ...]:
    """Which scorecards judge from which day on, ascending; the first from the beginning of days. One query."""
    return tuple(
        Order(date.fromisoformat(row["on"]) if place else date.min, tuple(row["order"]))
        for place, row in enumerate(settings.get(ORDERS, []))
    )


def order() -> tuple[str, ...]:
    """The scorecards that judge now, in order. One query."""
    found = orders()
    return found[-1].slugs if found else ()


def spans() -> tuple[Span, ...]:
    """Who judges when, ascending. Two queries.

    A version judges the days from its publication on, so that what a past day showed stays true; the days before any
    publication of its card are judged by the first. An order holds from its day on likewise.
    """
    said = orders()
    versions = _versions({slug for order in said for slug in order.slugs})
    starts = sorted({order.since for order in said} | {version.since for version in versions})
    return tuple(Span(start, _on(start, said, versions)) for start in starts)


def on(day: date) -> Span:
    """The versions that judge a day."""
    found = [span for span in spans() if span.since <= day]
    if not found or not found[-1].versions:
        raise NotFound(NOTHING)
    return found[-1]


def find(*, slug: str) -> ScorecardView:
    """A scorecard by its slug. Three queries."""
    card = models.Scorecard.objects.select_related("published").filter(slug=slug).first()
    if card is None:
        raise NotFound('There is no scorecard "%(slug)s".', slug=slug)
    versions = models.ScorecardVersion.objects.filter(scorecard=card).order_by("-number")
    return _view(card, tuple(versions), order())


def everything() -> tuple[ScorecardView, ...]:
    """Every scorecard: those that judge in their order, then the others by title. Three queries."""
    rows = models.ScorecardVersion.objects.order_by("-number")
    versions: dict[int, list[models.ScorecardVersion]] = {}
    for version in rows:
        versions.setdefault(version.scorecard_id, []).append(version)
    said = order()
    views = [
        _view(card, tuple(versions.get(card.pk, ())), said)
        for card in models.Scorecard.objects.select_related("published").order_by("title")
    ]
    return tuple(sorted(views, key=lambda view: (view.place is None, view.place or 0, view.title)))


def _versions(slugs: set[str]) -> list[InForce]:
    """The published versions of cards, ascending by the day from which each judges; of one day only the last."""
    published = models.ScorecardVersion.objects.filter(scorecard__slug__in=slugs, published_at__isnull=False)
    found: dict[tuple[str, date], InForce] = {}
    begun: set[str] = set()
    for version in published.select_related("scorecard").order_by("published_at", "number"):
        slug = version.scorecard.slug
        since = day_of(version.published_at) if slug in begun and version.published_at else date.min
        begun.add(slug)
        found[slug, since] = InForce(
            since=since,
            version_id=version.pk,
            number=version.number,
            slug=slug,
            title=version.scorecard.title,
            card=_plain(version.definition),
        )
    return sorted(found.values(), key=lambda version: version.since)


def _plain(definition: dict[str, Any]) -> Card:
    """A card whose conditions ask segments as their own conditions say: what they say now."""
    return cards.read(definition).each(vocabulary.plain)


def _on(day: date, said: tuple[Order, ...], versions: list[InForce]) -> tuple[InForce, ...]:
    slugs = next((order.slugs for order in reversed(said) if order.since <= day), ())
    latest = {version.slug: version for version in versions if version.since <= day}
    return tuple(latest[slug] for slug in slugs if slug in latest)


def _view(
    card: models.Scorecard, versions: tuple[models.ScorecardVersion, ...], said: tuple[str, ...]
) -> ScorecardView:
    return ScorecardView(
        card.slug,
        card.title,
        card.published.number if card.published else None,
        said.index(card.slug) + 1 if card.slug in said else None,
        tuple(
            VersionView(v.number, v.definition, v.created_at, v.changed_at, v.published_at, v.verdict)
            for v in versions
        ),
    )
