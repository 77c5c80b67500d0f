"""Deeds on cadences: declare how often customers are met, say that an output of a phase was delivered."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit, live
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.plays import cadence, models
from keepwell.plays.actions.telling import tell
from keepwell.plays.cadence import Cadence
from keepwell.plays.formulas import keeping
from keepwell.plays.formulas.keeping import Due
from keepwell.plays.queries import cadences

LINK_LENGTH, NOTE_LENGTH = 500, 2000


class AlreadyDelivered(errors.Conflict):
    """Somebody was faster."""


def declare(*, definition: Any, by: Scope, at: datetime) -> Cadence:
    """Say how often customers are met from now on, and what phases leave behind."""
    by.require("config.change")
    said = cadence.read(definition)
    with transaction.atomic():
        rows = models.CadenceDeclaration.objects.select_for_update().filter(ended_at=None)
        now = rows.first()
        if now is not None and cadence.read(now.definition) == said:
            return said
        rows.update(ended_at=at)
        models.CadenceDeclaration.objects.create(
            definition=said.written, declared_at=at, declared_by_id=by.user_id
        )
        audit.record(by=by, at=at, deed="cadence.declare", subject="company")
    return said


def withdraw(*, by: Scope, at: datetime) -> None:
    """Let customers be met as is usual: by their bands."""
    by.require("config.change")
    with transaction.atomic():
        if not models.CadenceDeclaration.objects.filter(ended_at=None).update(ended_at=at):
            raise errors.NotFound("Nothing is declared.")
        audit.record(by=by, at=at, deed="cadence.withdraw", subject="company")


def deliver(
    *, account: str, output: str, by: Scope, at: datetime, day: date, link: str = "", note: str = ""
) -> int:
    """Say that an output of the phase in which the account is was delivered; gives the number of the row."""
    by.require("work.do")
    row, asked = _asked(account, output, by, day)
    link = _link(link)
    if len(note) > NOTE_LENGTH:
        raise errors.Invalid("A note has at most %(most)s letters.", most=NOTE_LENGTH)
    try:
        with transaction.atomic():
            made = models.OutputDelivery.objects.create(
                account=row, phase=asked.phase.slug, since=asked.since, output=output, by_id=by.user_id,
                at=at, link=link, note=note.strip(),
            )  # fmt: skip
            _say("output.delivered", row, made, by, at)
    except IntegrityError:
        raise AlreadyDelivered("Somebody has said already that this was delivered.") from None
    return made.pk


def take_back(*, account: str, output: str, by: Scope, at: datetime, day: date) -> None:
    """It was not delivered after all: it is open again."""
    by.require("work.do")
    row, asked = _asked(account, output, by, day)
    with transaction.atomic():
        rows = models.OutputDelivery.objects.filter(
            account=row, phase=asked.phase.slug, since=asked.since, output=output
        )
        made = rows.select_for_update().first()
        if made is None:
            raise errors.Conflict("Nobody said that this was delivered.")
        _say("output.taken_back", row, made, by, at)
        rows.delete()


def _asked(account: str, output: str, by: Scope, day: date) -> tuple[Account, Due]:
    row = accounts.visible(seen_by=by).filter(key=account).first()
    if row is None:
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    at = cadences.situations(account_ids=[row.pk], bands={}, day=day)[row.pk]
    asked = keeping.outputs(cadences.in_force(), at)
    found = next((one for one in asked if one.output.slug == output), None)
    if found is None:
        listed = ", ".join(one.output.slug for one in asked) or "none"
        raise errors.NotFound(
            'The phase of this account asks for no output "%(output)s". It asks for: %(listed)s.',
            output=output, listed=listed,
        )  # fmt: skip
    return row, found


def _link(said: str) -> str:
    said = said.strip()
    if said and not said.startswith(("https://", "http://", "/")):
        raise errors.Invalid('"%(link)s" is no address. It begins with https://.', link=said[:80])
    if len(said) > LINK_LENGTH:
        raise errors.Invalid("An address has at most %(most)s letters.", most=LINK_LENGTH)
    return said


def _say(name: str, account: Account, made: models.OutputDelivery, by: Scope, at: datetime) -> None:
    tell(account=account.key, name=name, of="output", number=made.pk, at=at, feature=made.output, again=True)
    live.announce("today")
    audit.record(
        by=by, at=at, deed=name, subject=f"account:{account.key}", phase=made.phase, output=made.output
    )
