"""What is known of a person over the REST API: count it, hand it out, erase it. For administrators."""

from datetime import datetime
from typing import Annotated

from django.http import FileResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import tasks
from keepwell.ledger.actions import dossiers
from keepwell.ledger.actions import erasures as deeds
from keepwell.ledger.queries import erasures

router = Router()

Key = Annotated[str, Query(min_length=1, max_length=254, description="The person's key or e-mail address.")]
Counts = dict[str, dict[str, int]]


class PlaceOut(Schema):
    """What one place holds of the person."""

    slug: str
    title: str
    holds: str
    counts: dict[str, int]


class MentionPreviewOut(Schema):
    """Everything that is known about a person, counted; `not_searched` is too short to be looked for inside of texts."""

    keys: list[str]
    names: list[str]
    emails: list[str]
    not_searched: list[str]
    places: list[PlaceOut]
    total: int


class ErasureIn(Schema):
    """Whom to erase, and why."""

    key: str = Field(min_length=1, max_length=254)
    ground: str = Field("request", description="request, purpose, unlawful or law")
    note: str = Field("", max_length=2000)


class CertificateOut(Schema):
    """What an erasure found, did and left; `subject` is a keyed hash of the person's key."""

    number: str
    subject: str
    requested_at: datetime
    finished_at: datetime | None
    by: str
    ground: str
    note: str
    running: bool
    rounds: int
    readmitted: bool
    found: Counts
    done: Counts
    left: Counts


@router.get(
    "/people",
    response={200: MentionPreviewOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def preview(request: Asked, key: Key) -> MentionPreviewOut:
    """Count what is known about a person, place by place."""
    found = erasures.preview(key=key, seen_by=request.auth)
    return MentionPreviewOut(
        keys=list(found.subject.keys),
        names=list(found.subject.names),
        emails=list(found.subject.emails),
        not_searched=list(found.subject.not_searched),
        places=[PlaceOut(**{**vars(place), "counts": dict(place.counts)}) for place in found.places],
        total=found.total,
    )


@router.get("/people/export", response={401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem})
def export(request: Asked, key: Key) -> FileResponse:
    """Everything that is known about a person, as one ZIP."""
    packed = dossiers.hand_out(key=key, by=request.auth, at=clock.now())
    return FileResponse(packed, as_attachment=True, filename="person.zip", content_type="application/zip")


@router.post(
    "/erasures",
    response={202: CertificateOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def erase(request: Asked, what: ErasureIn) -> Status[CertificateOut]:
    """Order the erasure of a person; watch the certificate until it is no longer running. It cannot be undone."""
    ordered = deeds.request(key=what.key, ground=what.ground, note=what.note, by=request.auth, at=clock.now())
    tasks.forget(ordered)
    return Status(202, _out(erasures.find(number=erasures.number_of(ordered), seen_by=request.auth)))


@router.get("/erasures", response={200: list[CertificateOut], 401: Problem, 403: Problem, 422: Problem})
def list_certificates(request: Asked) -> list[CertificateOut]:
    """The latest certificates, newest first."""
    return [_out(view) for view in erasures.latest(seen_by=request.auth)]


@router.get(
    "/erasures/{number}",
    response={200: CertificateOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
)
def get_certificate(request: Asked, number: str) -> CertificateOut:
    """One certificate."""
    return _out(erasures.find(number=number, seen_by=request.auth))


@router.post(
    "/erasures/{number}/readmission",
    response={200: CertificateOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
def readmit(request: Asked, number: str) -> CertificateOut:
    """Let the person of a certificate in again; what was erased stays erased."""
    deeds.readmit(number=number, by=request.auth, at=clock.now())
    return _out(erasures.find(number=number, seen_by=request.auth))


def _out(view: erasures.CertificateView) -> CertificateOut:
    return CertificateOut(**vars(view))
