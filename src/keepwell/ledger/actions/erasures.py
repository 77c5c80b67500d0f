"""Forget a person: ask every eraser, look again, and certify that nothing is left."""

import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.hooks.subjects import GONE, Subject, scrub
from keepwell.kernel import errors
from keepwell.ledger import models
from keepwell.ledger.queries import erased, erasures, subjects

SETTLED_AFTER = timedelta(seconds=15)
MOST_ROUNDS = 5
GROUNDS = {
    "request": "The person asked to be forgotten (GDPR Art. 17 (1) a, b, c)",
    "purpose": "The data is no longer needed for its purpose (Art. 17 (1) a)",
    "unlawful": "It was processed unlawfully (Art. 17 (1) d)",
    "law": "A law demands it (Art. 17 (1) e)",
}

_log = logging.getLogger(__name__)


def request(*, key: str, ground: str, note: str, by: Scope, at: datetime) -> int:
    """Order the erasure of a person; from now on what names them is not taken in. Gives the certificate's id.

    The work itself is `carry`, in a job. Asked again while it runs, the same certificate answers.
    """
    by.require("privacy.manage")
    if ground not in GROUNDS:
        raise errors.Invalid(
            '"%(ground)s" is no ground. Use one of: %(listed)s.', ground=ground, listed=", ".join(GROUNDS)
        )
    subject = subjects.of(key)
    if running := erasures.running_for(subject):
        return running
    if not any(eraser.find(subject) for eraser in registry.erasers()):
        raise errors.NotFound('Nothing is known about "%(key)s". Search by key or e-mail address.', key=key)
    pseudonyms = {own: f"erased-{secrets.token_hex(10)}" for own in subject.keys}
    digest = erased.digest_of(subject.keys[0])
    with transaction.atomic():
        certificate = models.ErasureCertificate.objects.create(
            subject=digest,
            requested_at=at,
            by_id=by.user_id,
            through=by.through[:20],
            ground=ground,
            note=scrub(note, subject, dict.fromkeys(subject.keys, GONE)),
            state="running",
        )
        models.Erasure.objects.create(certificate=certificate, subject=asdict(subject), pseudonyms=pseudonyms)
        models.ErasedMark.objects.bulk_create(
            [
                models.ErasedMark(digest=erased.digest_of(word), certificate=certificate)
                for word in {*subject.keys, *subject.emails}
            ],
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["certificate", "readmitted_at"],
        )
        audit.record(
            by=by, at=at, deed="person.erase", subject=f"erasure:{certificate.number}", ground=ground
        )
    erased.forget()
    return certificate.pk


def carry(*, certificate_id: int, at: datetime) -> bool:
    """Go on with an erasure from wherever it stands; tells whether it is finished.

    Each eraser's work is noted when it is done, so that a killed job goes on with the next. It is finished when a look
    at every place finds nothing, and not before every process has heard that the person is not taken in any more. The
    caller holds the pipeline's lock and has carried the outbox to the lake.
    """
    work = models.Erasure.objects.select_related("certificate").filter(pk=certificate_id).first()
    if work is None:
        return True
    subject = erasures.subject_of(work)
    if not work.certificate.rounds:
        _note(work, rounds=1, found=_found(subject))
    try:
        _round(work, subject, at)
        left = _found(subject)
    except Exception as failure:
        models.Erasure.objects.filter(pk=work.pk).update(error=type(failure).__name__)
        raise
    if left and work.certificate.rounds < MOST_ROUNDS:
        _again(work, left)
        return carry(certificate_id=certificate_id, at=at)
    if at - work.certificate.requested_at < SETTLED_AFTER:
        _again(work, left)
        return False
    _finish(work, left, at)
    return True


def readmit(*, number: str, by: Scope, at: datetime) -> None:
    """Let what names the person of a certificate in again, because they came back; what was erased stays erased."""
    by.require("privacy.manage")
    certificate = erasures.certificate(number)
    with transaction.atomic():
        lifted = models.ErasedMark.objects.filter(certificate=certificate, readmitted_at=None).update(
            readmitted_at=at
        )
        if not lifted:
            raise errors.Conflict(
                "The person of %(number)s is re-admitted already.", number=certificate.number
            )
        audit.record(by=by, at=at, deed="person.readmit", subject=f"erasure:{certificate.number}")
    erased.forget()


def _found(subject: Subject) -> dict[str, dict[str, int]]:
    found = {eraser.slug: dict(eraser.find(subject)) for eraser in registry.erasers()}
    return {slug: counts for slug, counts in found.items() if counts}


def _round(work: models.Erasure, subject: Subject, at: datetime) -> None:
    for eraser in registry.erasers():
        if eraser.slug in work.erasers:
            continue
        done = eraser.erase(subject, work.pseudonyms, at)
        work.erasers = [*work.erasers, eraser.slug]
        total = Counter(work.certificate.done.get(eraser.slug, {})) + Counter(dict(done))
        with transaction.atomic():
            if total:
                _note(work, done=work.certificate.done | {eraser.slug: dict(total)})
            models.Erasure.objects.filter(pk=work.pk).update(erasers=work.erasers, error="")


def _again(work: models.Erasure, left: Mapping[str, Any]) -> None:
    """Begin another round; those erasers that have nothing left are not asked."""
    settled = [eraser.slug for eraser in registry.erasers() if eraser.slug not in left]
    _note(work, rounds=work.certificate.rounds + bool(left))
    models.Erasure.objects.filter(pk=work.pk).update(erasers=settled if left else [])


def _finish(work: models.Erasure, left: Mapping[str, Any], at: datetime) -> None:
    with transaction.atomic():
        _note(work, left=left, state="done", finished_at=at)
        models.Erasure.objects.filter(pk=work.pk).delete()
        audit.record(
            by=erasures.requester(work.certificate),
            at=at,
            deed="person.erased",
            subject=f"erasure:{work.certificate.number}",
            left=sum(sum(counts.values()) for counts in left.values()),
        )
    if left:
        _log.error("erasure %s: something is left in %s", work.certificate.number, ", ".join(left))


def _note(work: models.Erasure, **said: Any) -> None:
    for name, value in said.items():
        setattr(work.certificate, name, value)
    models.ErasureCertificate.objects.filter(pk=work.certificate.pk).update(**said)
