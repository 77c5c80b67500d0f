"""Deeds on rehearsals: ask for one, carry it to its end."""

import logging
from datetime import date, datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.health.models import ScorecardVersion
from keepwell.intake.actions.alone import alone
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.kernel.moments import day_of, within_reach
from keepwell.ledger.queries import state
from keepwell.metrics.queries import departures
from keepwell.signals import declared, models
from keepwell.signals.actions import rules
from keepwell.signals.queries import rehearsing

LOCK = 0x72656865
STEPS = (1, 7, 14, 28)
USUAL_HORIZON_DAYS = 90
LEAST_HORIZON_DAYS, MOST_HORIZON_DAYS = 7, 730

_log = logging.getLogger(__name__)


def ask(
    *,
    slug: str,
    by: Scope,
    at: datetime,
    number: int | None = None,
    step_days: int = 7,
    horizon_days: int = USUAL_HORIZON_DAYS,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """Ask for a version (the newest) to be run over the past, beside the one in force; gives the rehearsal's number.

    A job carries it out. `horizon_days` is within how many days after an alarm what it foretells must come to make it right;
    the replayed days are `step_days` apart, a year of them unless it is said since when.
    """
    by.require("config.change")
    version = _version(slug, number)
    if step_days not in STEPS:
        raise Invalid(
            "The replayed days are %(listed)s days apart, not %(step_days)s.",
            listed=", ".join(map(str, STEPS)),
            step_days=step_days,
        )
    if not LEAST_HORIZON_DAYS <= horizon_days <= MOST_HORIZON_DAYS:
        raise Invalid(
            "The horizon must be %(least_horizon_days)s to %(most_horizon_days)s days, not %(horizon_days)s.",
            least_horizon_days=LEAST_HORIZON_DAYS,
            most_horizon_days=MOST_HORIZON_DAYS,
            horizon_days=horizon_days,
        )
    for day in (since, until):
        if day is not None:
            within_reach(day)
    if since and until and since >= until:
        raise Invalid(
            "A rehearsal from %(since)s until %(until)s has no days. Begin before it ends.",
            since=since,
            until=until,
        )
    if not ScorecardVersion.objects.filter(published_at__isnull=False).exists() and _asks_health(version):
        raise Invalid("The rule asks for health, and no scorecard is published. Publish one first.")
    published = version.rule.published
    rival = None if published is None or published.pk == version.pk else published
    with transaction.atomic():
        rehearsal = models.Rehearsal.objects.create(
            version=version,
            definition=version.definition,
            against=rival,
            against_definition=None if rival is None else rival.definition,
            asked_at=at,
            departure=departures.declared().definition,
            step_days=step_days,
            horizon_days=horizon_days,
            since=since,
            until=until,
        )
        audit.record(
            by=by,
            at=at,
            deed="rehearsal.ask",
            subject=f"rule:{slug}",
            version=version.number,
            rehearsal=rehearsal.pk,
        )
    return rehearsal.pk


def _version(slug: str, number: int | None) -> models.RuleVersion:
    rows = models.RuleVersion.objects.select_related("rule__published").filter(rule__slug=slug)
    found = (rows if number is None else rows.filter(number=number)).order_by("-number").first()
    if found is None:
        if number is None:
            raise NotFound('There is no rule "%(slug)s".', slug=slug)
        raise NotFound('There is no version %(number)s of a rule "%(slug)s".', number=number, slug=slug)
    return found


def _asks_health(version: models.RuleVersion) -> bool:
    return rehearsing.asks_health(declared.read(version.definition))


def run(*, rehearsal_id: int, at: datetime) -> None:
    """Carry a rehearsal to its end; one worker does, others leave. Cut off it begins again and finds the same."""
    with alone(kind=LOCK, number=rehearsal_id) as mine:
        if mine:
            _carry(rehearsal_id, at)


def _carry(rehearsal_id: int, at: datetime) -> None:
    rows = models.Rehearsal.objects.filter(pk=rehearsal_id)
    going = rows.filter(state__in=("queued", "running"))
    if not going.update(state="running", started_at=at, steps_done=0, steps_total=None):
        return
    rehearsal = models.Rehearsal.objects.select_related("version").get(pk=rehearsal_id)

    def note(done: int, total: int) -> None:
        rows.update(steps_done=done, steps_total=total)

    try:
        with state.held() as lake:
            found = rehearsing.found(
                rehearsal, until=min(rehearsal.until or day_of(at), day_of(at)), progress=note
            )
    except Exception as failure:
        _fail(rehearsal_id, failure, at)
        if not isinstance(failure, Refused):
            raise
        return
    _store(rehearsal, found, lake.version, at)


def _store(rehearsal: models.Rehearsal, found: dict[str, Any], lake_version: int, at: datetime) -> None:
    with transaction.atomic():
        models.Rehearsal.objects.filter(pk=rehearsal.pk, state="running").update(
            state="done", finished_at=at, lake_version=lake_version, error="", **found
        )
        told = {
            name: found["figures"][name] for name in ("alarms", "accounts", "precision", "came", "caught")
        }
        rules.note_verdict(
            version_id=rehearsal.version_id,
            definition=rehearsal.definition,
            verdict={"rehearsal": rehearsal.pk, **told},
        )


def _fail(rehearsal_id: int, failure: Exception, at: datetime) -> None:
    why = (
        str(failure)
        if isinstance(failure, Refused)
        else f"An unexpected error: {type(failure).__name__}. Ask for the rehearsal again."
    )
    models.Rehearsal.objects.filter(pk=rehearsal_id).update(state="failed", error=why, finished_at=at)
    _log.error("rehearsal %s failed", rehearsal_id)
