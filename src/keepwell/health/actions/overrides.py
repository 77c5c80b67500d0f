"""Deeds on overrides: somebody who knows better says where an account stands, for a while and with a reason."""

import json
from datetime import date, datetime, timedelta

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope, system
from keepwell.health import models
from keepwell.health.actions import standings
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts

MOST_DAYS = 90
BANDS = ("green", "yellow", "red")
EXPIRED = "The day until which it was to hold is over"


class AlreadyOverridden(Conflict):
    """An account has one override at a time."""


class NotScored(Conflict):
    """Without a score there is nothing to override."""


def override(
    *,
    account: str,
    band: str,
    reason: str,
    expires_on: date,
    by: Scope,
    at: datetime,
    points: float | None = None,
) -> models.Override:
    """Let an account stand in a band until a day is over, whatever its score says; the score goes on beside it."""
    by.require("work.do")
    found = _account(account, by)
    _check(band, points, reason, expires_on, at)
    with transaction.atomic():
        extent = models.Extent.objects.select_for_update().first()
        standing = models.Standing.objects.select_related("score").filter(account=found).first()
        if extent is None or standing is None:
            raise NotScored("%(name)s has no score yet, so there is nothing to override.", name=found.name)
        if standing.override_id is not None:
            raise AlreadyOverridden(
                "The health of %(name)s is overridden already. End that first.", name=found.name
            )
        made = models.Override.objects.create(
            account=found,
            band=band,
            points=points,
            reason=reason.strip(),
            by_id=by.user_id,
            made_at=at,
            expires_on=expires_on,
            score_points=standing.score.points,
            score_band=standing.score.band,
        )
        _tell(made, "health.overridden", found, at, {"band": band, "until": expires_on.isoformat()})
        standings.move(accounts=[found.pk], as_of=extent.as_of, at=at)
        audit.record(
            by=by, at=at, deed="health.override", subject=f"account:{found.key}", band=band, points=points,
            reason=made.reason, expires_on=expires_on.isoformat(),
        )  # fmt: skip
    return made


def end(*, account: str, by: Scope, at: datetime, reason: str = "") -> None:
    """End an account's override before its day: it stands where its score puts it."""
    by.require("work.do")
    found = _account(account, by)
    with transaction.atomic():
        extent = models.Extent.objects.select_for_update().first()
        holding = models.Override.objects.filter(account=found, ended_at=None).first()
        if holding is None or extent is None:
            raise NotFound("The health of %(name)s is not overridden.", name=found.name)
        _end(holding, at, reason.strip(), by)
        standings.move(accounts=[found.pk], as_of=extent.as_of, at=at)
        audit.record(
            by=by, at=at, deed="health.override_end", subject=f"account:{found.key}", reason=reason.strip()
        )


def expire(*, as_of: date, at: datetime) -> list[int]:
    """End what was to hold until an earlier day; gives the accounts. The standings are moved by whoever asks."""
    over = list(models.Override.objects.select_related("account").filter(ended_at=None, expires_on__lt=as_of))
    for override_ in over:
        _end(override_, at, EXPIRED, system(through="pipeline"))
    return [override_.account_id for override_ in over]


def _end(holding: models.Override, at: datetime, reason: str, by: Scope) -> None:
    ended = models.Override.objects.filter(pk=holding.pk, ended_at=None).update(
        ended_at=at, ended_by=by.user_id, end_reason=reason
    )
    if ended:
        _tell(holding, "health.override_ended", holding.account, at, {"band": holding.band})


def _account(key: str, by: Scope) -> Account:
    found = accounts.visible(seen_by=by).filter(key=key).first()
    if found is None:
        raise NotFound('There is no account "%(key)s".', key=key)
    return found


def _check(band: str, points: float | None, reason: str, expires_on: date, at: datetime) -> None:
    if band not in BANDS:
        raise Invalid('"%(band)s" is no band. Use one of %(listed)s.', band=band, listed=", ".join(BANDS))
    if points is not None and not 0 <= points <= 100:
        raise Invalid("Points lie between 0 and 100, not %(points)s.", points=f"{points:g}")
    if not reason.strip():
        raise Invalid("Say why: an override needs a reason.")
    last = at.date() + timedelta(days=MOST_DAYS)
    if not at.date() <= expires_on <= last:
        raise Invalid(
            "An override holds until %(expires_on)s; choose a day from today to %(last)s, "
            "%(most_days)s days at most.",
            expires_on=expires_on,
            last=last,
            most_days=MOST_DAYS,
        )


def _tell(made: models.Override, name: str, account: Account, at: datetime, props: dict[str, str]) -> None:
    told = Event(
        id=f"~{name}:{made.pk}",
        name=name,
        account=account.key,
        feature=made.band,
        at=at,
        source=standings.SOURCE,
        value=made.points,
        props=json.dumps(props),
    )
    events.append(events=[told], received_at=at)
