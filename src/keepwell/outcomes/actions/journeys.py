"""Deeds on journeys: declare them, write down a friction, settle it, open it again, take it back."""

from datetime import date, datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import within_reach
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.outcomes import journey, models
from keepwell.outcomes.actions.telling import SOURCE
from keepwell.outcomes.journey import Journey
from keepwell.outcomes.queries import journeys

LONGEST = 2000


def declare(*, definition: Any, by: Scope, at: datetime) -> Journey:
    """Say by what phases begin and end from now on, how long they take, and what first value is."""
    by.require("config.change")
    said = journeys.read(definition)
    with transaction.atomic():
        rows = models.JourneyDeclaration.objects.select_for_update().filter(ended_at=None)
        now = rows.first()
        if now is not None and journey.stored(now.definition) == said:
            return said
        rows.update(ended_at=at)
        models.JourneyDeclaration.objects.create(
            definition=said.written, declared_at=at, declared_by_id=by.user_id
        )
        audit.record(by=by, at=at, deed="journey.declare", subject="company")
    return said


def withdraw(*, by: Scope, at: datetime) -> None:
    """Let phases have no criteria, and first value be what it usually is."""
    by.require("config.change")
    with transaction.atomic():
        if not models.JourneyDeclaration.objects.filter(ended_at=None).update(ended_at=at):
            raise NotFound("Nothing is declared.")
        audit.record(by=by, at=at, deed="journey.withdraw", subject="company")


def note(*, account: str, text: str, on: date, by: Scope, at: datetime) -> int:
    """Write down what went against the customer; gives its number."""
    by.require("work.do")
    row, said = _account(account, by), _text(text)
    if within_reach(on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was.", day=on.isoformat())
    with transaction.atomic():
        made = models.Friction.objects.create(account=row, on=on, text=said, at=at, by_id=by.user_id)
        _tell(made, "friction.noted", by, at, text=said)
    return made.pk


def settle(*, account: str, friction_id: int, on: date, by: Scope, at: datetime, text: str = "") -> None:
    """It is out of the way."""
    by.require("work.do")
    with transaction.atomic():
        row = _one(account, friction_id, by)
        if not row.on <= on <= at.date():
            raise Invalid(
                "Name a day from %(first)s to %(last)s.",
                first=row.on.isoformat(),
                last=at.date().isoformat(),
            )
        try:
            with transaction.atomic():
                models.FrictionSettlement.objects.create(
                    friction=row, on=on, text=text.strip()[:LONGEST], at=at, by_id=by.user_id
                )
        except IntegrityError:
            raise Conflict("It is settled already.") from None
        _tell(row, "friction.settled", by, at)


def reopen(*, account: str, friction_id: int, by: Scope, at: datetime) -> None:
    """It is not out of the way after all."""
    by.require("work.do")
    with transaction.atomic():
        row = _one(account, friction_id, by)
        if not models.FrictionSettlement.objects.filter(friction=row).delete()[0]:
            raise Conflict("It is not settled.")
        _tell(row, "friction.reopened", by, at)


def withdraw_friction(*, account: str, friction_id: int, by: Scope, at: datetime) -> dict[str, Any]:
    """Take it back: it should not have been written. Gives what restores it."""
    by.require("work.do")
    with transaction.atomic():
        row = _one(account, friction_id, by)
        _tell(row, "friction.withdrawn", by, at)
        told = {"account": account, "text": row.text, "on": row.on.isoformat()}
        models.Friction.objects.filter(pk=row.pk).delete()
    return told


def _account(key: str, by: Scope) -> Account:
    row = accounts.visible(seen_by=by).filter(key=key).first()
    if row is None:
        raise NotFound('There is no account "%(key)s".', key=key)
    return row


def _one(account: str, friction_id: int, by: Scope) -> models.Friction:
    rows = models.Friction.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(account=_account(account, by), pk=friction_id).first()
    if row is None:
        raise NotFound("There is no friction %(number)s.", number=friction_id)
    return row


def _text(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Invalid("Say it in 1 to %(most)s characters.", most=LONGEST)
    return said


def _tell(row: models.Friction, name: str, by: Scope, at: datetime, **props: Any) -> None:
    said = Event(
        id=f"~friction:{row.pk}:{name}:{at.isoformat()}",
        account=row.account.key,
        name=name,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode({"friction": row.pk, **props}).decode(),
    )
    events.append(events=[said], received_at=at)
    audit.record(by=by, at=at, deed=name, subject=f"account:{row.account.key}", friction=row.pk)
