"""Deeds on proofs: ask for one, carry it to its end."""

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.health import cards, models, verdicts
from keepwell.health.actions import scorecards
from keepwell.health.queries import proving
from keepwell.health.queries.replays import Asked
from keepwell.intake.actions.alone import alone
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.kernel.moments import day_of, within_reach
from keepwell.ledger.queries import state, vouched
from keepwell.metrics import departures as declared
from keepwell.metrics.queries import departures

LOCK = 0x70726F66
STEPS = (7, 14, 28)
MOST_HORIZON_DAYS = 730

_log = logging.getLogger(__name__)


def ask(
    *,
    slug: str,
    number: int | None,
    horizon_days: int | None = None,
    step_days: int = 28,
    since: date | None = None,
    until: date | None = None,
    against: int | None = None,
    by: Scope,
    at: datetime,
) -> int:
    """Ask for the proof of a version (the newest) as the company declares departure now; gives the proof's id.

    A job carries it out.

    `horizon_days` is how far ahead departure is foretold (as usual for the declaration), `step_days` how far apart the
    replayed days are, `until` the last of them (the last day that facts reach), `against` the number of another version that is
    replayed beside it (the published one).
    """
    by.require("config.change")
    version = _version(slug, number)
    departure = departures.declared()
    horizon = departure.usual_horizon_days if horizon_days is None else horizon_days
    _check(departure, horizon, step_days, since, until)
    rival = _rival(version, against)
    with transaction.atomic():
        proof = models.Proof.objects.create(
            version=version,
            definition=version.definition,
            against=rival,
            against_definition=None if rival is None else rival.definition,
            asked_at=at,
            departure=departure.definition,
            horizon_days=horizon,
            step_days=step_days,
            since=since,
            until=until,
        )
        audit.record(
            by=by, at=at, deed="proof.ask", subject=f"scorecard:{slug}", version=number, proof=proof.pk
        )
    return proof.pk


def _version(slug: str, number: int | None) -> models.ScorecardVersion:
    versions = models.ScorecardVersion.objects.select_related("scorecard__published").filter(
        scorecard__slug=slug
    )
    if number is not None:
        versions = versions.filter(number=number)
    found = versions.order_by("-number").first()
    if found is None:
        if number is None:
            raise NotFound('There is no scorecard "%(slug)s".', slug=slug)
        raise NotFound('There is no version %(number)s of a scorecard "%(slug)s".', number=number, slug=slug)
    return found


def _rival(version: models.ScorecardVersion, number: int | None) -> models.ScorecardVersion | None:
    """The version to hold it against, never itself."""
    rival = version.scorecard.published if number is None else _version(version.scorecard.slug, number)
    return None if rival is None or rival.pk == version.pk else rival


def _check(
    departure: declared.Departure, horizon: int, step_days: int, since: date | None, until: date | None
) -> None:
    least = max(departure.days, 7)
    if not least <= horizon <= MOST_HORIZON_DAYS:
        raise Invalid(
            "The horizon must be %(least)s to %(most)s days, not %(horizon)s. %(sentence)s "
            "A shorter one would foretell what has begun already."
            if departure.kind == "silence"
            else "The horizon must be %(least)s to %(most)s days, not %(horizon)s.",
            least=least,
            most=MOST_HORIZON_DAYS,
            horizon=horizon,
            sentence=departure.sentence,
        )
    if step_days not in STEPS:
        raise Invalid(
            "The replayed days are %(listed)s days apart, not %(step_days)s.",
            listed=", ".join(map(str, STEPS)),
            step_days=step_days,
        )
    for day in (since, until):
        if day is not None:
            within_reach(day)
    if since and until and since >= until:
        raise Invalid(
            "A proof from %(since)s until %(until)s has no days. Begin before it ends.",
            since=since,
            until=until,
        )


def run(*, proof_id: int, at: datetime) -> None:
    """Carry a proof to its end. May be called again after a crash, and by several workers: one carries it, others leave.

    A proof that was cut off begins again: what it reads lies in the past, so it finds the same.
    """
    with alone(kind=LOCK, number=proof_id) as mine:
        if mine:
            _carry(proof_id, at)


def _carry(proof_id: int, at: datetime) -> None:
    going = models.Proof.objects.filter(pk=proof_id, state__in=("queued", "running"))
    if not going.update(state="running", started_at=at, stage="days", steps_done=0, steps_total=None):
        return
    proof = models.Proof.objects.select_related("version").get(pk=proof_id)
    try:
        with state.held() as lake:
            found = _found(proof, at)
            shares = vouched.shares()
    except Exception as failure:
        _fail(proof_id, failure, at)
        if not isinstance(failure, Refused):
            raise
        return
    _store(proof, found, lake_version=lake.version, shares=shares, at=at)


def _store(
    proof: models.Proof,
    found: dict[str, Any],
    *,
    lake_version: int,
    shares: Sequence[tuple[str, int, int]],
    at: datetime,
) -> None:
    """Keep what was found; the version says it too, as long as it still says what was proven."""
    events, trusted = sum(share[1] for share in shares), sum(share[2] for share in shares)
    with transaction.atomic():
        models.Proof.objects.filter(pk=proof.pk, state="running").update(
            state="done",
            finished_at=at,
            lake_version=lake_version,
            vouched_percent=round(100 * trusted / events, 4) if events else None,
            fingerprint=_fingerprint(proof),
            figures=found,
            error="",
        )
        said = {"verdict": found["verdict"], "sentence": verdicts.sentence(found), "proof": proof.pk}
        scorecards.note_verdict(version_id=proof.version_id, definition=proof.definition, verdict=said)


def _found(proof: models.Proof, at: datetime) -> dict[str, Any]:
    departure = declared.read(proof.departure)
    until = departures.reach(until=min(proof.until or day_of(at), day_of(at)))
    asked = Asked(departure, proof.horizon_days, proof.step_days, proof.since, until)

    def note(what: str, done: int, total: int) -> None:
        models.Proof.objects.filter(pk=proof.pk).update(stage=what, steps_done=done, steps_total=total)

    return proving.figures(
        asked=asked,
        card=cards.read(proof.definition),
        against=None if proof.against_definition is None else cards.read(proof.against_definition),
        progress=note,
    )


def _fingerprint(proof: models.Proof) -> str:
    """Says whether two proofs asked the same of the same definition."""
    said = [
        proof.definition,
        proof.against_definition,
        proof.departure,
        proof.horizon_days,
        proof.step_days,
        str(proof.since),
        str(proof.until),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _fail(proof_id: int, failure: Exception, at: datetime) -> None:
    why = (
        str(failure)
        if isinstance(failure, Refused)
        else f"An unexpected error: {type(failure).__name__}. Ask for the proof again."
    )
    models.Proof.objects.filter(pk=proof_id).update(state="failed", error=why, finished_at=at)
    _log.error("proof %s failed", proof_id)
