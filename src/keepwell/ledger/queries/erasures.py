"""Reads of erasures: what one would find, those that run, and their certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import datetime

from keepwell.access.scopes import Scope, system
from keepwell.hooks import registry
from keepwell.hooks.subjects import Subject
from keepwell.kernel import errors
from keepwell.ledger import models
from keepwell.ledger.queries import erased, subjects

LATEST = 200


@dataclass(frozen=True)
class Place:
    """What one eraser holds, and how much of it is about the person."""

    slug: str
    title: str
    holds: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Preview:
    """Everything that is known about a person, counted, before anything is done."""

    subject: Subject
    places: tuple[Place, ...]
    total: int


@dataclass(frozen=True)
class CertificateView:
    """A certificate as it is shown; `places` say per eraser what was found, what was done, what is left."""

    number: str
    subject: str
    requested_at: datetime
    finished_at: datetime | None
    by: str
    ground: str
    note: str
    running: bool
    rounds: int
    asked: int
    erasers: int
    error: str
    readmitted: bool
    found: Mapping[str, Mapping[str, int]]
    done: Mapping[str, Mapping[str, int]]
    left: Mapping[str, Mapping[str, int]]


def preview(*, key: str, seen_by: Scope) -> Preview:
    """What every eraser finds about a person, by key or e-mail address. One look at every table and at the lake."""
    seen_by.require("privacy.manage")
    subject = subjects.of(key)
    places = tuple(
        Place(eraser.slug, eraser.title, eraser.holds, eraser.find(subject)) for eraser in registry.erasers()
    )
    total = sum(sum(place.counts.values()) for place in places)
    if not total:
        number = erased.gate().certificate_of(key)
        gone = f" They were erased: {number}." if number else ""
        raise errors.NotFound(
            'Nothing is known about "%(key)s".%(gone)s Name a person by their key or e-mail address.',
            key=key,
            gone=gone,
        )
    return Preview(subject, places, total)


def find(*, number: str, seen_by: Scope) -> CertificateView:
    """One certificate."""
    seen_by.require("privacy.manage")
    return _view(certificate(number))


def latest(*, seen_by: Scope) -> tuple[CertificateView, ...]:
    """The latest certificates, newest first. One query, and one more for each that runs."""
    seen_by.require("privacy.manage")
    rows = models.ErasureCertificate.objects.select_related("by").order_by("-pk")[:LATEST]
    return tuple(map(_view, rows))


def unfinished() -> list[int]:
    """Erasures that are not certified yet."""
    return list(models.Erasure.objects.order_by("pk").values_list("pk", flat=True))


def running_for(subject: Subject) -> int | None:
    """The running erasure of the same person, if there is one."""
    digest = erased.digest_of(subject.keys[0])
    return (
        models.ErasureCertificate.objects.filter(subject=digest, state="running")
        .values_list("pk", flat=True)
        .first()
    )


def certificate(number: str) -> models.ErasureCertificate:
    """The certificate with a number as it stands on paper."""
    digits = number.strip().upper().removeprefix("E-")
    found = None
    if digits.isdecimal() and len(digits) < 15:
        found = models.ErasureCertificate.objects.select_related("by").filter(pk=int(digits)).first()
    if found is None:
        raise errors.NotFound('There is no certificate "%(number)s".', number=number)
    return found


def number_of(certificate_id: int) -> str:
    """A certificate's number."""
    return models.ErasureCertificate(pk=certificate_id).number


def subject_of(work: models.Erasure) -> Subject:
    """Whom an erasure that is not finished concerns."""
    return Subject(**{name: tuple(values) for name, values in work.subject.items()})


def requester(of: models.ErasureCertificate) -> Scope:
    """In whose name an erasure is finished."""
    return changed(system(through=of.through), user_id=of.by_id)


def _view(row: models.ErasureCertificate) -> CertificateView:
    work = models.Erasure.objects.filter(pk=row.pk).first() if row.state == "running" else None
    marks = models.ErasedMark.objects.filter(certificate=row)
    return CertificateView(
        number=row.number,
        subject=row.subject,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        by=str(row.by) if row.by else row.through,
        ground=row.ground,
        note=row.note,
        running=row.state == "running",
        rounds=row.rounds,
        asked=len(work.erasers) if work else 0,
        erasers=len(registry.erasers()),
        error=work.error if work else "",
        readmitted=not marks.filter(readmitted_at=None).exists(),
        found=row.found,
        done=row.done,
        left=row.left,
    )
