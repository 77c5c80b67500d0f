"""Reads of proofs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from keepwell.access.scopes import Scope
from keepwell.health import models
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound


@dataclass(frozen=True)
class ProofView:
    """What was asked of which version, how far it is, and what was found."""

    proof_id: int
    slug: str
    title: str
    number: int
    is_published: bool
    is_as_proven: bool
    against: int | None
    asked_at: datetime
    departure: dict[str, Any]
    horizon_days: int
    step_days: int
    since: date | None
    until: date | None
    state: str
    stage: str
    steps_done: int
    steps_total: int | None
    started_at: datetime | None
    finished_at: datetime | None
    error: str
    fingerprint: str
    lake_version: int | None
    vouched_percent: float | None
    figures: dict[str, Any] | None

    @property
    def verdict(self) -> str | None:
        """proven, weak, chance or too_little; None until it is done."""
        return None if self.figures is None else str(self.figures["verdict"])


def find(*, proof_id: int, seen_by: Scope) -> ProofView:
    """One proof. It speaks of the whole company, so only those see it who see all of it. One query."""
    row = _rows(seen_by).filter(pk=proof_id).first()
    if row is None:
        raise NotFound("There is no proof %(proof_id)s.", proof_id=proof_id)
    return _view(row)


def all_proofs(
    *, seen_by: Scope, slug: str | None = None, number: int | None = None, limit: int = 50
) -> tuple[ProofView, ...]:
    """Proofs of a card, of one version of it, or all, newest first. One query."""
    rows = _rows(seen_by)
    if slug is not None:
        rows = rows.filter(version__scorecard__slug=slug)
    if number is not None:
        rows = rows.filter(version__number=number)
    return tuple(_view(row) for row in rows.order_by("-asked_at", "-pk")[:limit])


def latest(*, slug: str, number: int, seen_by: Scope) -> ProofView | None:
    """The newest proof of a version that is done. One query."""
    found = all_proofs(seen_by=seen_by, slug=slug, number=number)
    return next((proof for proof in found if proof.state == "done"), None)


def verdicts(*, version_ids: Collection[int]) -> dict[int, str]:
    """How the newest proof of each version ended that is done, as it is written now: proven, weak, chance, too_little.

    Whoever sees a score may know whether its card is proven; the verdict alone names no account. One query.
    """
    rows = models.Proof.objects.filter(version__in=version_ids, state="done")
    return _verdicts(rows)


def verdict_of(*, slug: str, number: int) -> str:
    """The same of one version of a card; "" where no proof of it is done. One query."""
    rows = models.Proof.objects.filter(version__scorecard__slug=slug, version__number=number, state="done")
    return next(iter(_verdicts(rows).values()), "")


def _verdicts(rows: QuerySet[models.Proof]) -> dict[int, str]:
    same = rows.filter(definition=F("version__definition")).order_by("asked_at", "pk")
    return {version: str(said) for version, said in same.values_list("version", "figures__verdict") if said}


def provable() -> tuple[tuple[str, str], ...]:
    """Every version of every card: its value in a form, and what it is called; the published first, then the newest.

    One query.
    """
    rows = models.ScorecardVersion.objects.select_related("scorecard").order_by("scorecard__slug", "-number")
    in_force = [row for row in rows if row.scorecard.published_id == row.pk]
    ordered = (*in_force, *(row for row in rows if row not in in_force))
    return tuple((f"{row.scorecard.slug}:{row.number}", _called(row)) for row in ordered)


def _called(row: models.ScorecardVersion) -> str:
    if row.scorecard.published_id == row.pk:
        return speech.told(
            "%(title)s, version %(number)s, published", title=row.scorecard.title, number=row.number
        )
    return speech.told("%(title)s, version %(number)s", title=row.scorecard.title, number=row.number)


def unfinished() -> tuple[int, ...]:
    """Proofs that wait or were cut off. One query."""
    rows = models.Proof.objects.filter(state__in=("queued", "running"))
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def _rows(seen_by: Scope) -> QuerySet[models.Proof]:
    rows = models.Proof.objects.select_related("version__scorecard", "against")
    return rows if seen_by.everything else rows.none()


def _view(row: models.Proof) -> ProofView:
    card = row.version.scorecard
    return ProofView(
        proof_id=row.pk,
        slug=card.slug,
        title=card.title,
        number=row.version.number,
        is_published=card.published_id == row.version_id,
        is_as_proven=row.version.definition == row.definition,
        against=None if row.against is None else row.against.number,
        asked_at=row.asked_at,
        departure=row.departure,
        horizon_days=row.horizon_days,
        step_days=row.step_days,
        since=row.since,
        until=row.until,
        state=row.state,
        stage=row.stage,
        steps_done=row.steps_done,
        steps_total=row.steps_total,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
        fingerprint=row.fingerprint,
        lake_version=row.lake_version,
        vouched_percent=row.vouched_percent,
        figures=row.figures,
    )


def evidence(*, metric: str, seen_by: Scope) -> tuple[ProofView, dict[str, Any]] | None:
    """The newest proof that looked at a metric, and what it found of it. One query."""
    row = _rows(seen_by).filter(state="done", figures__indicators__contains=[{"slug": metric}])
    newest = row.order_by("-finished_at", "-pk").first()
    if newest is None:
        return None
    view = _view(newest)
    found = (one for one in (view.figures or {})["indicators"] if one["slug"] == metric)
    return view, next(found)
