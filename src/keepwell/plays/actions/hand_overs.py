"""Deeds on hand-overs: make one, one for each account of a book, say the note anew, accept it, take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit, live
from keepwell.access.models import User
from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger.actions import accounts as ledger
from keepwell.ledger.models import Account, Ownership
from keepwell.ledger.queries import accounts
from keepwell.plays import models
from keepwell.plays.actions import notifications
from keepwell.plays.actions.telling import tell
from keepwell.plays.models.packs import HAND_OVERS

KINDS = dict(HAND_OVERS)
NOTE_LENGTH = 10_000
CSM = "csm"


class AlreadyAccepted(errors.Conflict):
    """It was taken over already."""


@dataclass(frozen=True)
class Wanted:
    """What a hand-over is to say; `to` is an e-mail address. `assign`: from today the receiver is the account's CSM."""

    kind: str
    to: str
    note: str = ""
    assign: bool = False


def make(*, account: str, wanted: Wanted, by: Scope, at: datetime, giver: User | None = None) -> int:
    """Hand an account to a colleague who may see it, or does from today on; gives the number. The giver is who says it."""
    by.require("work.do")
    row = accounts.visible(seen_by=by).filter(key=account).first()
    if row is None:
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    if wanted.kind not in KINDS:
        raise errors.Invalid(
            '"%(kind)s" is no kind of hand-over. Use one of %(listed)s.',
            kind=wanted.kind,
            listed=", ".join(KINDS),
        )
    note = _note(wanted.note)
    receiver = _receiver(wanted.to)
    with transaction.atomic():
        if wanted.assign:
            ledger.assign(account=row, user=receiver, role=CSM, by=by, at=at)
        _may_see(receiver, row)
        return _made(row, wanted.kind, receiver, note, by, at, giver).pk


def make_all(*, giver_id: int, wanted: Wanted, by: Scope, at: datetime) -> tuple[int, int]:
    """Hand every account over of which somebody is the CSM; gives how many, and how many were handed over already."""
    by.require("accounts.assign")
    receiver, note = _receiver(wanted.to), _note(wanted.note)
    if wanted.kind not in KINDS:
        raise errors.Invalid(
            '"%(kind)s" is no kind of hand-over. Use one of %(listed)s.',
            kind=wanted.kind,
            listed=", ".join(KINDS),
        )
    if receiver.pk == giver_id:
        raise errors.Invalid("Somebody cannot hand a book over to themselves. Choose a colleague.")
    giver = User.objects.filter(pk=giver_id).first()
    owned = Ownership.objects.filter(user=giver_id, role=CSM, until=None).values("account")
    rows = list(accounts.visible(seen_by=by).filter(pk__in=owned, former=False).order_by("pk"))
    if giver is None or not rows:
        raise errors.NotFound("There is no account of which they are the CSM.")
    with transaction.atomic():
        for row in rows if wanted.assign else ():
            ledger.assign(account=row, user=receiver, role=CSM, by=by, at=at)
        for row in () if wanted.assign else rows:
            _may_see(receiver, row)
        return _several([(row, giver, receiver) for row in rows], wanted.kind, note, by, at)


def after_bulk(*, deed_id: int, by: Scope, at: datetime) -> tuple[int, int]:
    """One for each account that a deed on many gave another owner; gives how many, and how many were there already."""
    by.require("accounts.assign")
    deed = models.BulkDeed.objects.filter(pk=deed_id, by=by.user_id, kind="assign", state="done").first()
    if deed is None or deed.undone_at is not None or deed.said.get("ahead"):
        raise errors.NotFound("There is no reassigning of owners to make hand-overs of.")
    changed = models.BulkChange.objects.filter(deed=deed).values_list("account", "was", "now")
    told = {pk: (was, now) for pk, was, now in changed if isinstance(was, str) and isinstance(now, str)}
    people = {
        user.email: user
        for user in User.objects.filter(email__in={one for pair in told.values() for one in pair})
    }
    rows = accounts.visible(seen_by=by).filter(pk__in=told).order_by("pk")
    pairs = [
        (row, people[told[row.pk][0]], people[told[row.pk][1]])
        for row in rows
        if told[row.pk][0] in people and told[row.pk][1] in people
    ]
    with transaction.atomic():
        return _several(pairs, _kind_of(deed.said), "", by, at)


def reword(*, pack_id: int, note: str, by: Scope, at: datetime) -> None:
    """Say the note anew, while it is open: who gives it, or who made it."""
    row = _mine(pack_id, by)
    _require_open(row)
    models.HandOverPack.objects.filter(pk=row.pk).update(note=_note(note))
    audit.record(by=by, at=at, deed="handover.note", subject=f"handover:{row.pk}")


def accept(*, pack_id: int, by: Scope, at: datetime, note: str = "") -> None:
    """The receiver has taken the account over."""
    row = _seen(pack_id, by)
    if row.receiver_id != by.user_id:
        raise errors.Forbidden("Only whom it is handed to can accept it.")
    said = _note(note)
    with transaction.atomic():
        if not models.HandOverPack.objects.filter(pk=row.pk, open=True).update(open=False):
            raise AlreadyAccepted("This was accepted already.")
        models.HandOverAcceptance.objects.create(pack=row, by_id=by.user_id, at=at, note=said)
        _say("handover.accepted", row, by, at)
        if row.giver_id is not None and row.giver_id != by.user_id:
            _tell(row, row.giver_id, "accepted", at)


def withdraw(*, pack_id: int, by: Scope, at: datetime) -> None:
    """Take an open one back: who gives it, or who made it. Whoever looks after the account stays so."""
    row = _mine(pack_id, by)
    with transaction.atomic():
        locked = models.HandOverPack.objects.select_for_update().filter(pk=row.pk).first()
        if locked is None or not locked.open:
            raise AlreadyAccepted("This was accepted already.")
        _say("handover.withdrawn", row, by, at)
        models.HandOverPack.objects.filter(pk=row.pk).delete()


def _several(
    pairs: Sequence[tuple[Account, User, User]], kind: str, note: str, by: Scope, at: datetime
) -> tuple[int, int]:
    open_ones = models.HandOverPack.objects.filter(open=True, account__in=[row.pk for row, _, _ in pairs])
    there = set(open_ones.values_list("account", "receiver"))
    fresh = [(row, giver, to) for row, giver, to in pairs if (row.pk, to.pk) not in there]
    for row, giver, receiver in fresh:
        _made(row, kind, receiver, note, by, at, giver)
    return len(fresh), len(pairs) - len(fresh)


def _made(
    account: Account, kind: str, receiver: User, note: str, by: Scope, at: datetime, giver: User | None
) -> models.HandOverPack:
    try:
        with transaction.atomic():
            row = models.HandOverPack.objects.create(
                account=account,
                kind=kind,
                giver_id=giver.pk if giver is not None else by.user_id,
                receiver=receiver,
                note=note,
                made_by_id=by.user_id,
                made_at=at,
            )
    except IntegrityError:
        raise errors.Conflict(
            "%(name)s is being handed to %(who)s already. Open that hand-over.",
            name=account.name or account.key, who=receiver,
        ) from None  # fmt: skip
    _say("handover.made", row, by, at)
    if receiver.pk != by.user_id:
        _tell(row, receiver.pk, "made", at)
    return row


def _say(name: str, row: models.HandOverPack, by: Scope, at: datetime) -> None:
    tell(account=row.account.key, name=name, of="handover", number=row.pk, at=at, feature=row.kind)
    live.announce("today")
    audit.record(by=by, at=at, deed=name, subject=f"handover:{row.pk}", account=row.account.key)


def _tell(row: models.HandOverPack, user_id: int, how: str, at: datetime) -> None:
    name = row.account.name or row.account.key
    with speech.kept():
        what = (
            speech.told("%(name)s is handed over to you", name=name)
            if how == "made"
            else speech.told("%(name)s: your hand-over was accepted", name=name)
        )
    notifications.tell(
        kind="handed-over",
        user_ids=[user_id],
        key=f"handover:{row.pk}:{how}",
        what=what,
        subject=f"handover:{row.pk}",
        at=at,
        account_id=row.account_id,
    )


def _kind_of(said: Mapping[str, object]) -> str:
    return (
        "csm_to_csm"
        if said.get("role") == CSM
        else "sales_to_cs"
        if said.get("role") == "sales"
        else "pm_to_csm"
    )


def _note(said: str) -> str:
    if len(said) > NOTE_LENGTH:
        raise errors.Invalid("A note has at most %(most)s letters.", most=NOTE_LENGTH)
    return said.strip()


def _receiver(email: str) -> User:
    found = User.objects.filter(email__iexact=email.strip(), is_active=True).exclude(role="customer").first()
    if found is None:
        raise errors.Invalid('Nobody who may sign in has the address "%(email)s".', email=email)
    return found


def _may_see(receiver: User, account: Account) -> None:
    sees = accounts.visible(seen_by=scopes.of_user(receiver, through="assignment"))
    if not sees.filter(pk=account.pk).exists():
        raise errors.Invalid(
            "%(user)s may not see %(name)s. Give them a role for the account first, or choose somebody else.",
            user=receiver,
            name=account.name or account.key,
        )


def _seen(pack_id: int, by: Scope) -> models.HandOverPack:
    by.require("work.do")
    rows = models.HandOverPack.objects.filter(account__in=accounts.visible(seen_by=by), pk=pack_id)
    row = rows.select_related("account", "receiver").first()
    if row is None:
        raise errors.NotFound("There is no hand-over %(number)s.", number=pack_id)
    return row


def _mine(pack_id: int, by: Scope) -> models.HandOverPack:
    row = _seen(pack_id, by)
    if by.user_id not in (row.giver_id, row.made_by_id) and not by.may("accounts.assign"):
        raise errors.Forbidden("Only who hands it over can change it.")
    return row


def _require_open(row: models.HandOverPack) -> None:
    if not row.open:
        raise AlreadyAccepted("This was accepted already.")
