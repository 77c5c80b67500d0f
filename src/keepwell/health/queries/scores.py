"""The score of an account: now, over time, and as of any day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from keepwell.access.scopes import Scope
from keepwell.health import cards as definitions
from keepwell.health import models, words
from keepwell.health.card import Card, Part
from keepwell.health.queries import cards, overrides
from keepwell.health.queries.evaluation import facts, judged, needed
from keepwell.kernel import speech
from keepwell.kernel.moments import Grid
from keepwell.ledger.knowledge import Knowledge
from keepwell.ledger.queries import accounts
from keepwell.metrics.catalogue import METRICS
from keepwell.metrics.queries import values

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PartView:
    """One part: what was measured, how it was judged, and why it is unknown where it is."""

    label: str
    metric: str
    value: float | None
    unit: str
    band: str
    points: float | None
    weight: float
    reason: str | None
    threshold_words: str
    definition: str
    measure: str
    group: str
    state: str


@dataclass(frozen=True)
class ScoreView:
    """A score with its parts, and the card and version that made it; `computed_at` None: just now."""

    account_id: int
    as_of: date
    computed_at: datetime | None
    points: float | None
    band: str
    low: float
    high: float
    known_weight: float
    card: str
    title: str
    version: int
    parts: tuple[PartView, ...]
    override: overrides.OverrideView | None = None

    @property
    def stands(self) -> tuple[float | None, str]:
        """The points and the band in which the account stands: the override's while one holds."""
        return (self.override.points, self.override.band) if self.override else (self.points, self.band)


@dataclass(frozen=True)
class ScorePoint:
    """The score of one stored day."""

    as_of: date
    points: float | None
    band: str
    low: float
    high: float
    known_weight: float
    parts: tuple[dict[str, Any], ...]
    card: str = ""


@dataclass(frozen=True)
class MovedView:
    """From one stored day to another: the points of both, and the part that moved most, in words."""

    since: date
    until: date
    before: float | None
    after: float | None
    reason: str

    @property
    def change(self) -> float | None:
        """By how much; None when one of the days has no points."""
        return None if self.before is None or self.after is None else round(self.after - self.before, 4)


@dataclass(frozen=True)
class BandEdges:
    """From how many points on a score is on watch, and healthy."""

    watch_from: float
    healthy_from: float


def current(*, account_id: int, seen_by: Scope) -> ScoreView | None:
    """The score of an account with every part, and the override that holds; None before its first score. Two queries."""
    if not _visible(account_id, seen_by):
        return None
    standings = models.Standing.objects.select_related(
        "score__version__scorecard", "override__by", "override__account"
    )
    standing = standings.filter(account=account_id).first()
    if standing is None:
        return None
    held = overrides.view(standing.override) if standing.override else None
    return _view(standing.score, held)


def on_day(*, account_id: int, seen_by: Scope, day: date, known_by: datetime | None) -> ScoreView | None:
    """The score of an account at the end of a past day, with the override that held; None where none is known.

    As known now it is the stored one of that day, or of the Sunday before it: four queries. As known before a moment it is
    computed from the account's share of the lake.
    """
    if not _visible(account_id, seen_by):
        return None
    held = overrides.held(account_id=account_id, day=day)
    if known_by is not None:
        found = evaluate(as_of=day, known_by=known_by, account_ids=[account_id])
        return replace(found[0], override=held) if found else None
    rows = models.Score.objects.select_related("version__scorecard").filter(account=account_id)
    score = rows.filter(as_of__lte=day, as_of__gt=day - WEEK).order_by("-as_of").first()
    return None if score is None else _view(score, held)


def _view(score: models.Score, override: overrides.OverrideView | None) -> ScoreView:
    version = score.version
    return ScoreView(
        account_id=score.account_id,
        as_of=score.as_of,
        computed_at=score.computed_at,
        points=score.points,
        band=score.band,
        low=score.low,
        high=score.high,
        known_weight=score.known_weight,
        card=version.scorecard.slug,
        title=version.scorecard.title,
        version=version.number,
        parts=_parts(score.parts, definitions.read(version.definition)),
        override=override,
    )


def history(
    *, account_id: int, seen_by: Scope, since: date, until: date | None = None
) -> tuple[ScorePoint, ...]:
    """The stored days of an account from one on until another, both included, ascending. Two queries."""
    if not _visible(account_id, seen_by):
        return ()
    rows = models.Score.objects.filter(account=account_id, as_of__gte=since).order_by("as_of")
    rows = rows.select_related("version__scorecard").defer("version__definition", "version__verdict")
    if until is not None:
        rows = rows.filter(as_of__lte=until)
    return tuple(
        ScorePoint(
            score.as_of,
            score.points,
            score.band,
            score.low,
            score.high,
            score.known_weight,
            tuple(score.parts),
            speech.told(
                "%(title)s, version %(number)s",
                title=score.version.scorecard.title,
                number=score.version.number,
            ),
        )
        for score in rows
    )


def moved(*, account_id: int, seen_by: Scope, since: date, until: date) -> MovedView | None:
    """What moved between the stored days at or before two days; None where one of them has no score. Three queries."""
    if not _visible(account_id, seen_by):
        return None
    rows = models.Score.objects.filter(account=account_id).order_by("-as_of")
    found = [rows.filter(as_of__lte=day, as_of__gt=day - WEEK).first() for day in (since, until)]
    then, now = found
    if then is None or now is None:
        return None
    return MovedView(then.as_of, now.as_of, then.points, now.points, words.moved(then.parts, now.parts))


def week(score: ScoreView) -> MovedView | None:
    """What moved in the week before a score, by the stored days; None where one of them is not stored. One query."""
    rows = models.Score.objects.filter(account=score.account_id, as_of__in=(score.as_of, score.as_of - WEEK))
    found = {row.as_of: row for row in rows.only("as_of", "points", "parts")}
    then, now = found.get(score.as_of - WEEK), found.get(score.as_of)
    if then is None or now is None:
        return None
    return MovedView(then.as_of, now.as_of, then.points, now.points, words.moved(then.parts, now.parts))


def band_edges(*, account_id: int, seen_by: Scope) -> BandEdges:
    """The edges of the bands by the version that made the account's current score, or by the newest. Two queries."""
    standing = models.Standing.objects.select_related("score__version").filter(account=account_id).first()
    if standing is None or not _visible(account_id, seen_by):
        return _usual_edges()
    return _edges(definitions.read(standing.score.version.definition))


def evaluate(
    *, as_of: date, known_by: datetime | None, account_ids: Collection[int] | None
) -> list[ScoreView]:
    """Scores as of a day from what was known before `known_by` (None: as known now), straight from the lake.

    Judged by the cards in force on that day; by account. One pass over the lake, nothing is stored.
    """
    span = cards.on(as_of)
    metrics = sorted(needed([span]))
    found = values.evaluate(metrics=metrics, grid=Grid(last=as_of), known_by=known_by, accounts=account_ids)
    versions = {version.version_id: version for version in span.versions}
    asked = facts([span], days=[as_of], known=Knowledge(by=known_by))
    return [
        _live(row, versions[row["version_id"]])
        for row in judged(found, [span], facts=asked).iter_rows(named=True)
    ]


def _live(row: Mapping[str, Any], version: cards.InForce) -> ScoreView:
    return ScoreView(
        account_id=row["account_id"],
        as_of=row["as_of"],
        computed_at=None,
        points=row["points"],
        band=row["band"],
        low=row["low"],
        high=row["high"],
        known_weight=row["known_weight"],
        card=version.slug,
        title=version.title,
        version=version.number,
        parts=_parts(msgspec.json.decode(row["parts"]), version.card),
    )


def _parts(rows: Sequence[Mapping[str, Any]], card: Card) -> tuple[PartView, ...]:
    declared = {part.measure: part for part in card.parts}
    return tuple(_part(row, declared.get(row["measure"]), card) for row in rows)


def _part(row: Mapping[str, Any], declared: Part | None, card: Card) -> PartView:
    said = [words.scale_words(row)]
    for beside in declared.beside if declared else ():
        said.append(f"{beside.label}: {words.threshold_words(beside.green, beside.red, beside.unit)}")
    metric = METRICS.get(row["metric"])
    return PartView(
        label=row["label"],
        metric=row["metric"],
        value=row["value"],
        unit=row["unit"],
        band=row["band"],
        points=row["points"],
        weight=row["weight"],
        reason=row["reason"],
        threshold_words="; ".join(said),
        definition=metric.sentence if metric else "",
        measure=row["measure"],
        group=_group(row.get("group", ""), card),
        state=row.get("state", "unknown" if row["points"] is None else "judged"),
    )


def _group(slug: str, card: Card) -> str:
    return next((group.label for group in card.groups if group.slug == slug), "")


def _usual_edges() -> BandEdges:
    """Those of the card that comes last in the order: the one for whoever no other is for."""
    spans = cards.spans()
    versions = spans[-1].versions if spans else ()
    return _edges(versions[-1].card) if versions else BandEdges(50.0, 75.0)


def _edges(card: Card) -> BandEdges:
    return BandEdges(watch_from=card.red.figure, healthy_from=card.green.figure)


def _visible(account_id: int, seen_by: Scope) -> bool:
    return accounts.visible(seen_by=seen_by).filter(pk=account_id).exists()
