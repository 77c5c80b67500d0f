"""Deeds on phases: which segments are phases and in which order, and what somebody says instead of the rules."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit, settings
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.segments import models
from keepwell.segments.queries import phases, vocabulary

MOST = 20
SOURCE = "phases"


def declare(*, slugs: Sequence[str], by: Scope, at: datetime) -> None:
    """Let these segments be the phases of an account's life: it is in the first whose condition holds; none: no rules."""
    by.require("config.change")
    if len(slugs) > MOST or len(set(slugs)) < len(slugs):
        raise Invalid("Name each phase once, %(most)s at most.", most=MOST)
    known = set(models.Segment.objects.filter(retired_at=None, slug__in=slugs).values_list("slug", flat=True))
    if missing := [slug for slug in slugs if slug not in known]:
        raise Invalid(
            'There is no segment "%(missing)s". Say it first: a phase is a segment in an order.',
            missing=missing[0],
        )
    with transaction.atomic():
        settings.put(key=phases.KEY, value=list(slugs), by=by, at=at)
        vocabulary.plain(vocabulary.read({"of": vocabulary.PHASE, "known": True}))


def override(*, account: str, phase: str, reason: str, by: Scope, at: datetime) -> None:
    """Say in which phase an account is, whatever the rules say, from today on until that is ended."""
    by.require("work.do")
    found = _account(account, by)
    if phase not in phases.declared():
        raise Invalid(
            '"%(phase)s" is no phase. Use one of %(listed)s.',
            phase=phase,
            listed=", ".join(phases.declared()) or speech.later("none: declare some"),
        )
    if not reason.strip():
        raise Invalid("Say why: everybody who sees the account reads it.")
    with transaction.atomic():
        holding = models.PhaseOverride.objects.select_for_update().filter(account=found, until=None).first()
        if holding is not None:
            raise Conflict("The phase of %(name)s is said by hand already. End that first.", name=found.name)
        made = models.PhaseOverride.objects.create(
            account=found, phase=phase, reason=reason.strip(), by_id=by.user_id, made_at=at, since=at.date()
        )
        _tell(made, "phase.overridden", at, {"reason": made.reason})
        audit.record(
            by=by,
            at=at,
            deed="phase.override",
            subject=f"account:{found.key}",
            phase=phase,
            reason=made.reason,
        )


def end(*, account: str, by: Scope, at: datetime) -> None:
    """Let the rules say again in which phase an account is, from today on."""
    by.require("work.do")
    found = _account(account, by)
    with transaction.atomic():
        holding = models.PhaseOverride.objects.select_for_update().filter(account=found, until=None).first()
        if holding is None:
            raise NotFound("Nobody said in which phase %(name)s is.", name=found.name)
        models.PhaseOverride.objects.filter(pk=holding.pk).update(
            until=at.date(), ended_at=at, ended_by=by.user_id
        )
        _tell(holding, "phase.override_ended", at, {})
        audit.record(
            by=by, at=at, deed="phase.override_end", subject=f"account:{found.key}", phase=holding.phase
        )


def _account(key: str, by: Scope) -> Account:
    found = accounts.visible(seen_by=by).filter(key=key).first()
    if found is None:
        raise NotFound('There is no account "%(key)s".', key=key)
    return found


def _tell(made: models.PhaseOverride, name: str, at: datetime, props: dict[str, str]) -> None:
    told = Event(
        id=f"~{name}:{made.pk}",
        name=name,
        account=made.account.key,
        feature=made.phase,
        at=at,
        source=SOURCE,
        props=json.dumps(props),
    )
    events.append(events=[told], received_at=at)
