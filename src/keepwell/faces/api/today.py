"""Today and notifications over the REST API: what waits for the token's owner, and what they were told."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from keepwell.cockpit.actions import acting
from keepwell.cockpit.queries import today
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.web.pages.today import days_of
from keepwell.kernel.money import Money
from keepwell.plays.actions import notifications as deeds
from keepwell.plays.queries import notifications

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Item = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class FactorsOut(Schema):
    """Why a row stands where it stands: `worth` is stake x share / hours x urgency, in the reporting currency an hour."""

    stake: float
    is_assumed: bool
    share: float
    hours: float
    urgency: float
    worth: float


class RowOut(Schema):
    """One thing that waits; `item` names it for what is done with it."""

    item: str
    rank: int
    group: Literal["clocks", "today", "week", "others"]
    source: str
    what: str
    why: str
    subject: str
    account: str | None
    arr: MoneyOut | None
    due_at: datetime | None
    from_whom: str
    with_whom: str
    factors: FactorsOut


class ItemIn(Schema):
    """What is meant."""

    item: Item


class SnoozeIn(ItemIn):
    """Until when it is put off."""

    until: datetime


class DelegationIn(ItemIn):
    """To whom it is given, by e-mail address."""

    to: Item


class NotificationOut(Schema):
    """One thing that was told; unread while `read_at` is null."""

    id: int
    kind: str
    what: str
    subject: str
    account_key: str
    at: datetime
    read_at: datetime | None


class ReadIn(Schema):
    """Which notifications are read; null means all."""

    ids: list[int] | None = None


@router.get("/today", response={200: list[RowOut], **PROBLEMS})
def list_today(request: Asked) -> list[RowOut]:
    """What waits for the token's owner, ranked, each with the factors of its rank."""
    now = clock.now()
    return [_out(row) for row in today.today(seen_by=request.auth, now=now, days=days_of(now)).rows]


@router.post("/today/done", response={204: None, **PROBLEMS})
def done(request: Asked, given: ItemIn) -> HttpResponse:
    """It was seen to; a task is completed."""
    now = clock.now()
    acting.done(item=given.item, by=request.auth, at=now, days=days_of(now))
    return HttpResponse(status=204)


@router.post("/today/snooze", response={204: None, **PROBLEMS})
def snooze(request: Asked, given: SnoozeIn) -> HttpResponse:
    """Not before a moment."""
    now = clock.now()
    acting.snooze(item=given.item, until=given.until, by=request.auth, at=now, days=days_of(now))
    return HttpResponse(status=204)


@router.post("/today/delegation", response={204: None, **PROBLEMS})
def delegate(request: Asked, given: DelegationIn) -> HttpResponse:
    """A colleague who may see the account sees to it."""
    now = clock.now()
    acting.delegate(item=given.item, to=given.to, by=request.auth, at=now, days=days_of(now))
    return HttpResponse(status=204)


@router.post("/today/rejection", response={204: None, **PROBLEMS})
def reject(request: Asked, given: ItemIn) -> HttpResponse:
    """A signal was of no use."""
    now = clock.now()
    acting.reject(item=given.item, by=request.auth, at=now, days=days_of(now))
    return HttpResponse(status=204)


@router.post("/today/undo/{deed}", response={204: None, **PROBLEMS})
def undo(
    request: Asked, deed: Literal["done", "snooze", "delegation", "rejection"], given: ItemIn
) -> HttpResponse:
    """Take back what was done, put off, given, or of no use."""
    backs = {
        "done": acting.undone,
        "snooze": acting.wake,
        "delegation": acting.recall,
        "rejection": acting.unreject,
    }
    backs[deed](item=given.item, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.get("/notifications", response={200: list[NotificationOut], **PROBLEMS})
def list_notifications(
    request: Asked,
    unread: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[NotificationOut]:
    """What the token's owner was told, the latest first."""
    found = notifications.latest(seen_by=request.auth, unread=unread, offset=offset, limit=limit)
    return [NotificationOut.from_orm(row) for row in found]


@router.post("/notifications/reading", response={204: None, **PROBLEMS})
def read(request: Asked, given: ReadIn) -> HttpResponse:
    """Mark some as read, or all."""
    request.auth.require("work.do")
    deeds.read(ids=given.ids, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


def _out(row: today.Row) -> RowOut:
    stake = row.offer.stake
    money = Money(stake.arr, stake.currency) if stake and stake.arr is not None else None
    return RowOut(
        item=row.offer.key,
        rank=row.rank,
        group=row.group,
        source=row.source,
        what=row.offer.what,
        why=row.offer.why,
        subject=row.offer.subject,
        account=stake.key if stake else None,
        arr=MoneyOut.from_orm(money) if money else None,
        due_at=row.offer.due_at,
        from_whom=row.from_whom,
        with_whom=row.with_whom,
        factors=FactorsOut(**row.factors._asdict()),
    )
