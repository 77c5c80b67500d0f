"""Proofs over the REST API: declare departure, ask for a proof, watch it, read what it found."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from keepwell.drafting import proof_report
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.health.actions import proofs as deeds
from keepwell.health.queries import proofs
from keepwell.kernel.moments import end_of
from keepwell.metrics.actions import departures as declarations
from keepwell.metrics.queries import departures

router = Router()
Slug = Annotated[str, Query(max_length=63)]


class DepartureOut(Schema):
    """When a customer counts as gone. `is_declared` is false while nobody has said so and the usual is taken."""

    kind: Literal["contract_end", "silence", "told"]
    days: int | None = None
    grace_days: int | None = None
    events: dict[str, Any] | None = None
    sentence: str
    is_declared: bool


class DepartureIn(Schema):
    """`contract_end` (with `grace_days`), `silence` (with `days`, and perhaps `events`: a condition over the events that
    break it) or `told`."""

    kind: Literal["contract_end", "silence", "told"]
    days: int | None = None
    grace_days: int | None = None
    events: dict[str, Any] | None = None


class LeftOut(Schema):
    """An account that left: since when it was a customer, when leaving began, on which day it counted as gone."""

    key: str
    name: str
    since: date
    onset_on: date
    left_on: date


class DeparturesOut(Schema):
    """Who had left, the latest first, and how many were customers at the end of `until`, the last day that facts reach."""

    until: date
    customers: int
    left: list[LeftOut]


class ProofIn(Schema):
    """What to prove: a card's version (its newest when left out), how far ahead, on days how far apart, in which span,
    and against which other version (the published one)."""

    scorecard: str
    version: int | None = None
    horizon_days: int | None = None
    step_days: int = 28
    since: date | None = None
    until: date | None = None
    against: int | None = None


class ProofOut(Schema):
    """A proof. `state` is queued, running, done or failed; while it runs `steps_done` of `steps_total` days or measures of its
    `stage` are done; `verdict` and `figures` are null until it is done.

    `figures` has `area` (AUC with its interval by account), `chance` (what shuffled fates reach), `alarm` (precision, recall
    and runs of red), `lead` (days), `bands`, `rivals` (naive rules and the published card), `groups`, `calibration`."""

    id: int
    scorecard: str
    version: int
    against: int | None
    asked_at: datetime
    departure: dict[str, Any]
    horizon_days: int
    step_days: int
    since: date | None
    until: date | None
    state: Literal["queued", "running", "done", "failed"]
    stage: Literal["days", "days_again", "measures"]
    steps_done: int
    steps_total: int | None
    error: str
    fingerprint: str
    lake_version: int | None
    vouched_percent: float | None
    verdict: Literal["proven", "weak", "chance", "too_little"] | None
    figures: dict[str, Any] | None


@router.get("/departure", response={200: DepartureOut, 401: Problem})
def get_departure(request: Asked) -> DepartureOut:
    """When a customer counts as gone."""
    del request
    return _departure()


@router.put("/departure", response={200: DepartureOut, 401: Problem, 403: Problem, 422: Problem})
def declare_departure(request: Asked, given: DepartureIn) -> DepartureOut:
    """Say when a customer counts as gone; proofs asked for from now on go by it."""
    declarations.declare(definition=given.dict(exclude_none=True), by=request.auth, at=clock.now())
    return _departure()


@router.get("/departures", response={200: DeparturesOut, 401: Problem, 403: Problem, 422: Problem})
def list_departures(request: Asked, as_of: date | None = None, known_at: date | None = None) -> DeparturesOut:
    """Who had left by the end of a day (today) as departure is declared, from what is known now or was known at the end of
    another day."""
    found = departures.found(
        departure=departures.declared(),
        until=as_of or clock.now().date(),
        known_by=end_of(known_at) if known_at else None,
        seen_by=request.auth,
    )
    return DeparturesOut.from_orm(found)


@router.post("/proofs", response={202: ProofOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem})
def ask(request: Asked, given: ProofIn) -> Status[ProofOut]:
    """Ask for a proof; a job carries it out."""
    proof_id = deeds.ask(
        slug=given.scorecard,
        number=given.version,
        horizon_days=given.horizon_days,
        step_days=given.step_days,
        since=given.since,
        until=given.until,
        against=given.against,
        by=request.auth,
        at=clock.now(),
    )
    tasks.prove(proof_id)
    return Status(202, _out(proofs.find(proof_id=proof_id, seen_by=request.auth)))


@router.get("/proofs", response={200: list[ProofOut], 401: Problem, 422: Problem})
def list_proofs(request: Asked, scorecard: Slug | None = None, version: int | None = None) -> list[ProofOut]:
    """The newest fifty proofs of a card, of one of its versions, or of all."""
    found = proofs.all_proofs(seen_by=request.auth, slug=scorecard, number=version)
    return [_out(view) for view in found]


@router.get("/proofs/{int:proof_id}", response={200: ProofOut, 401: Problem, 404: Problem, 422: Problem})
def get_proof(request: Asked, proof_id: int) -> ProofOut:
    """How far a proof is, and what it found."""
    return _out(proofs.find(proof_id=proof_id, seen_by=request.auth))


@router.get(
    "/proofs/{int:proof_id}/report.pdf",
    response={200: bytes, 401: Problem, 404: Problem, 409: Problem, 422: Problem},
    openapi_extra={
        "responses": {
            200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def get_report(request: Asked, proof_id: int) -> HttpResponse:
    """The report of a proof that is done, as a PDF."""
    view = proofs.find(proof_id=proof_id, seen_by=request.auth)
    return HttpResponse(proof_report.pdf(view, at=clock.now()), content_type="application/pdf")


def _departure() -> DepartureOut:
    found = departures.declared()
    return DepartureOut(**found.definition, sentence=found.sentence, is_declared=departures.is_declared())


def _out(view: proofs.ProofView) -> ProofOut:
    return ProofOut(
        id=view.proof_id,
        scorecard=view.slug,
        version=view.number,
        against=view.against,
        asked_at=view.asked_at,
        departure=view.departure,
        horizon_days=view.horizon_days,
        step_days=view.step_days,
        since=view.since,
        until=view.until,
        state=view.state,  # type: ignore[arg-type] # one of the states
        stage=view.stage,  # type: ignore[arg-type] # one of the stages
        steps_done=view.steps_done,
        steps_total=view.steps_total,
        error=view.error,
        fingerprint=view.fingerprint,
        lake_version=view.lake_version,
        vouched_percent=view.vouched_percent,
        verdict=view.verdict,  # type: ignore[arg-type] # one of the verdicts
        figures=view.figures,
    )
