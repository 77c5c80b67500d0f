"""Channels and messages over the REST API; addresses and secrets are never handed out again."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.playbooks import MOST, PROBLEMS
from keepwell.faces.api.schemas import Problem
from keepwell.faces.jobs import sending, tasks
from keepwell.plays.actions import channels
from keepwell.plays.actions import messages as deeds
from keepwell.plays.queries import messages

router = Router()


class ChannelIn(Schema):
    """A channel: a signed webhook, or the incoming webhook of a chat."""

    slug: str
    title: str
    kind: Literal["webhook", "chat"]
    url: str


class ChannelSecretOut(Schema):
    """The secret by which a webhook is signed; it is told once. A chat has none."""

    slug: str
    secret: str


class ChannelOut(Schema):
    """A channel; of its address only the host is told. `waiting` messages are to be sent; none is while it is paused."""

    slug: str
    title: str
    kind: Literal["webhook", "chat"]
    host: str
    paused_at: datetime | None
    tested_at: datetime | None
    tested_well: bool | None
    tested_said: str
    waiting: int


class SendingAttemptOut(Schema):
    """One try to send a message."""

    at: datetime
    status: int | None
    answer: str
    error: str


class MessageOut(Schema):
    """A message: what it says, how it stands, and every try. `key` is its id with the receiver, the same at each."""

    id: int
    kind: Literal["mail", "chat", "webhook"]
    account_key: str
    run: int | None
    step: str
    channel: str
    recipient: str
    subject: str
    body: str
    key: str
    state: Literal["queued", "sending", "sent", "failed", "unsure"]
    tries: int
    made_at: datetime
    next_at: datetime
    ended_at: datetime | None
    attempts: list[SendingAttemptOut]


class MessagePage(Schema):
    """Some messages, the latest first; ask again with `before` = `next` until `next` is null."""

    items: list[MessageOut]
    next: int | None


@router.get("/channels", response={200: list[ChannelOut], 401: Problem})
def list_channels(request: Asked) -> list[ChannelOut]:
    """Where messages go."""
    del request
    return [ChannelOut.from_orm(one) for one in messages.channels()]


@router.post("/channels", response={201: ChannelSecretOut, **PROBLEMS})
def open_channel(request: Asked, told: ChannelIn) -> Status[ChannelSecretOut]:
    """Make a channel; gives its secret this once."""
    secret = channels.open_channel(**told.dict(), by=request.auth, at=clock.now())
    return Status(201, ChannelSecretOut(slug=told.slug, secret=secret))


@router.delete("/channels/{slug}", response={204: None, **PROBLEMS})
def close_channel(request: Asked, slug: str) -> HttpResponse:
    """Send nothing there any more."""
    channels.close(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/channels/{slug}/secret", response={201: ChannelSecretOut, **PROBLEMS})
def rotate_channel_secret(request: Asked, slug: str) -> Status[ChannelSecretOut]:
    """Give a webhook a new secret, this once; the one before signs nothing any more."""
    secret = channels.rotate(slug=slug, by=request.auth, at=clock.now())
    return Status(201, ChannelSecretOut(slug=slug, secret=secret))


@router.post("/channels/{slug}/test", response={200: ChannelOut, **PROBLEMS})
def test_channel(request: Asked, slug: str) -> ChannelOut:
    """Send it a test now; `tested_well` and `tested_said` are what was answered."""
    sending.test(slug=slug, by=request.auth)
    return ChannelOut.from_orm(messages.channel(slug=slug))


@router.put("/channels/{slug}/pause", response={204: None, **PROBLEMS})
def pause_channel(request: Asked, slug: str) -> HttpResponse:
    """Let its messages wait."""
    channels.pause(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.delete("/channels/{slug}/pause", response={204: None, **PROBLEMS})
def let_channel_go_on(request: Asked, slug: str) -> HttpResponse:
    """Let what waited be sent."""
    channels.go_on(slug=slug, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.get("/messages", response={200: MessagePage, 401: Problem})
def list_messages(
    request: Asked,
    state: str = "",
    run: int | None = None,
    channel: str = "",
    before: int | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> MessagePage:
    """Messages, the latest first."""
    found = messages.page(
        seen_by=request.auth, state=state, run=run, channel=channel, before=before, limit=limit
    )
    next_ = found[-1].id if len(found) == limit else None
    return MessagePage(items=[MessageOut.from_orm(one) for one in found], next=next_)


@router.get("/messages/{message_id}", response={200: MessageOut, 401: Problem, 404: Problem})
def get_message(request: Asked, message_id: int) -> MessageOut:
    """One message."""
    return MessageOut.from_orm(messages.find(message_id=message_id, seen_by=request.auth))


@router.post("/messages/{message_id}/replay", response={204: None, **PROBLEMS})
def replay_message(request: Asked, message_id: int) -> HttpResponse:
    """Send it once more: the same message, so whoever has it can tell."""
    deeds.replay(message_id=message_id, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)
