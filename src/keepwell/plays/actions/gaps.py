"""Deeds on the list of product gaps: named, merged, given a status; and who asked is told when one is shipped."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope, system
from keepwell.kernel import errors, slugs, speech
from keepwell.ledger.actions import gap_requests, tickets
from keepwell.ledger.actions import gaps as ledger
from keepwell.ledger.models import GapRequest, ProductGap, Ticket
from keepwell.ledger.queries import records
from keepwell.plays import models, triage
from keepwell.plays.actions import messages
from keepwell.plays.actions.telling import SOURCE

TITLE_LENGTH = 300


@dataclass(frozen=True)
class Told:
    """What became of telling: letters that wait to be sent, and requests of whom nobody has an address."""

    letters: int = 0
    unwritten: int = 0


def meant(*, gap: str, title: str, by: Scope, at: datetime) -> ProductGap:
    """The gap with a key, or where that was merged into; else a new one with a title."""
    by.require("work.do")
    if gap:
        return _root(_gap(gap, by))
    if not 1 <= len(title.strip()) <= TITLE_LENGTH:
        raise errors.Invalid("Choose a product gap, or give a new one a title of 1 to 300 characters.")
    same = ProductGap.objects.filter(title__iexact=title.strip()).order_by("pk").first()
    if same is not None:
        return _root(same)
    key = _free_key(title)
    _put({"key": key, "title": title.strip()}, by, at)
    return ProductGap.objects.get(key=key)


def set_status(*, gap: str, status: str, by: Scope, at: datetime) -> str:
    """Say how it stands with a gap from now on; gives how it stood. Shipping tells nobody yet: that is `tell_back`."""
    by.require("work.do")
    if status not in triage.STATUSES:
        raise errors.Invalid(
            '"%(status)s" is no status. Use one of %(listed)s.',
            status=status,
            listed=", ".join(triage.STATUSES),
        )
    with transaction.atomic():
        row = _gap(gap, by)
        was = row.status
        _put({"key": row.key, "status": status, "shipped_at": at if status == "shipped" else None}, by, at)
        audit.record(by=by, at=at, deed="gap.status", subject=f"gap:{row.key}", was=was, status=status)
    return was


def merge(*, gap: str, into: str, by: Scope, at: datetime) -> None:
    """The one is the same as the other: its requests count there."""
    by.require("work.do")
    with transaction.atomic():
        row, target = _gap(gap, by), _root(_gap(into, by))
        if target.pk == row.pk:
            raise errors.Invalid('"%(gap)s" cannot be merged into itself.', gap=row.title)
        _put({"key": row.key, "merged_into": target.key}, by, at)
        audit.record(by=by, at=at, deed="gap.merge", subject=f"gap:{row.key}", into=target.key)


def split(*, gap: str, by: Scope, at: datetime) -> None:
    """Take a merger back."""
    by.require("work.do")
    with transaction.atomic():
        row = _gap(gap, by)
        if row.merged_into_id is None:
            raise errors.Conflict('"%(gap)s" is not merged into another.', gap=row.title)
        _put({"key": row.key, "merged_into": None}, by, at)
        audit.record(by=by, at=at, deed="gap.split", subject=f"gap:{row.key}")


def tell_back(*, gap: str, text: str, by: Scope, at: datetime) -> Told:
    """Write to whoever asked for a shipped gap and was not told: each address one letter; others are noted as not written to.

    Said again, it writes to those alone who asked since.
    """
    by.require("work.do")
    if not text.strip():
        raise errors.Invalid("Write what they are to be told.")
    with transaction.atomic():
        row = _gap(gap, by)
        if row.status != "shipped":
            raise errors.Conflict('"%(gap)s" is not shipped yet.', gap=row.title)
        told = _tell(row, _untold(row, by), text.strip(), at)
        audit.record(by=by, at=at, deed="gap.tell", subject=f"gap:{row.key}", letters=told.letters)
    return told


def told_by_hand(*, requests: Collection[str], by: Scope, at: datetime) -> int:
    """Note that who asked was told otherwise; gives how many."""
    by.require("work.do")
    seen = records.visible(GapRequest, seen_by=by)
    rows = list(seen.select_for_update(of=("self",)).filter(key__in=requests, told_at=None))
    if len(rows) != len(set(requests)):
        raise errors.NotFound("One of them is not there, or was told already. Nothing was changed.")
    with transaction.atomic():
        for row in rows:
            models.GapTelling.objects.update_or_create(request=row, defaults={"state": "by_hand", "at": at})
        _heard(rows, at)
        audit.record(by=by, at=at, deed="gap.told_by_hand", subject="requests", rows=len(rows))
    return len(rows)


def note_sent(*, at: datetime) -> int:
    """Note who was told since their letter went out; gives how many. One query when nothing went out."""
    tellings = models.GapTelling.objects.filter(message__state="sent", request__told_at=None)
    rows = [each.request for each in tellings.select_related("request")]
    with transaction.atomic():
        _heard(rows, at)
    return len(rows)


def _tell(gap: ProductGap, requests: Collection[GapRequest], text: str, at: datetime) -> Told:
    letters: dict[str, models.Message] = {}
    unwritten = 0
    for request in requests:
        address = request.person.email.strip().lower() if request.person else ""
        known = letters.get(address)
        if address and known is None:
            known = letters[address] = _letter(gap, request, text, at)
            state = "letter"
        else:
            state = "same" if address else "no_address"
        unwritten += not address
        models.GapTelling.objects.update_or_create(
            request=request, defaults={"message": known, "state": state, "at": at}
        )
    return Told(len(letters), unwritten)


def _letter(gap: ProductGap, request: GapRequest, text: str, at: datetime) -> models.Message:
    assert request.person is not None
    number = messages.queue(
        step=None, account=request.account_id, kind="mail", key=f"gap-told-{request.pk}",
        recipient=request.person.email, subject=speech.told("It is there: %(gap)s", gap=gap.title)[:500],
        body=text, at=at,
    )  # fmt: skip
    return models.Message.objects.get(pk=number)


def _untold(gap: ProductGap, by: Scope) -> list[GapRequest]:
    """Requests for it, or for what was merged into it, whose people wait to hear: of all accounts that may be seen."""
    family = {gap.pk} | {row.pk for row in ProductGap.objects.exclude(merged_into=None) if _root(row) == gap}
    seen = records.visible(GapRequest, seen_by=by).select_for_update(of=("self",))
    waits = seen.filter(gap__in=family, told_at=None).select_related("person")
    asked = set(models.GapTelling.objects.exclude(state="no_address").values_list("request", flat=True))
    return [row for row in waits.order_by("asked_at", "pk") if row.pk not in asked]


def _heard(rows: Collection[GapRequest], at: datetime) -> None:
    """They were told: the ledger says so, and the tickets that became their requests are resolved."""
    if not rows:
        return
    from_system = system(through="letters")
    said = [{"key": row.key, "told_at": max(at, row.asked_at)} for row in rows]
    gap_requests.upsert(rows=said, source=SOURCE, by=from_system, at=at, vouched=False)
    numbers = [
        int(row.key.removeprefix("triage-"))
        for row in rows
        if row.key.startswith("triage-") and row.key.removeprefix("triage-").isdecimal()
    ]
    waiting = Ticket.objects.filter(
        triage__pk__in=numbers, triage__undone_at=None, triage__deed="gap", resolved_at=None
    )
    done = [{"key": row.key, "resolved_at": max(at, row.opened_at)} for row in waiting]
    if done:
        tickets.upsert(rows=done, source=SOURCE, by=from_system, at=at, vouched=False)


def _put(row: dict[str, object], by: Scope, at: datetime) -> None:
    (verdict,) = ledger.upsert(rows=[row], source=SOURCE, by=by, at=at, vouched=False)
    if verdict.outcome == "rejected":
        raise errors.Invalid("%(reason)s", reason=verdict.reason)


def _gap(key: str, by: Scope) -> ProductGap:
    found = records.visible(ProductGap, seen_by=by).filter(key=key).first()
    if found is None:
        raise errors.NotFound('There is no product gap "%(gap)s".', gap=key)
    row: ProductGap = found
    return row


def _root(gap: ProductGap) -> ProductGap:
    met = {gap.pk}
    while gap.merged_into is not None and gap.merged_into.pk not in met:
        gap = gap.merged_into
        met.add(gap.pk)
    return gap


def _free_key(title: str) -> str:
    try:
        stem = slugs.made_of(title)
    except errors.Invalid:
        stem = "gap"
    taken = set(ProductGap.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(
        key for n in range(1, len(taken) + 2) if (key := stem if n == 1 else f"{stem}-{n}") not in taken
    )
