"""Messages to the outside as people see them, and the channels they go through; addresses and secrets are not among it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Count, Q

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries import accounts
from keepwell.plays import models

AT_ONCE = 100


@dataclass(frozen=True)
class ChannelView:
    """Where messages go: of the address only the host is told."""

    slug: str
    title: str
    kind: str
    host: str
    paused_at: datetime | None
    tested_at: datetime | None
    tested_well: bool | None
    tested_said: str
    waiting: int


@dataclass(frozen=True)
class AttemptView:
    """One try."""

    at: datetime
    status: int | None
    answer: str
    error: str


@dataclass(frozen=True)
class MessageView:
    """A message with what became of it; `step` names the step of the run that it is of."""

    id: int
    kind: str
    account_key: str
    account_name: str
    run: int | None
    step: str
    channel: str
    recipient: str
    subject: str
    body: str
    key: str
    state: str
    tries: int
    made_at: datetime
    next_at: datetime
    ended_at: datetime | None
    attempts: tuple[AttemptView, ...]


def channels() -> tuple[ChannelView, ...]:
    """Those that are open. One query."""
    waits = Count("message", filter=Q(message__state__in=("queued", "sending")))
    rows = models.Channel.objects.filter(retired_at=None).annotate(waiting=waits).order_by("title", "slug")
    return tuple(
        ChannelView(
            row.slug, row.title, row.kind, urlsplit(row.url).hostname or "", row.paused_at, row.tested_at,
            row.tested_well, row.tested_said, row.waiting,
        )
        for row in rows
    )  # fmt: skip


def channel(*, slug: str) -> ChannelView:
    """One that is open. One query."""
    found = next((one for one in channels() if one.slug == slug), None)
    if found is None:
        raise NotFound('There is no channel "%(slug)s".', slug=slug)
    return found


def page(
    *,
    seen_by: Scope,
    state: str = "",
    run: int | None = None,
    channel: str = "",
    before: int | None = None,
    limit: int = AT_ONCE,
) -> tuple[MessageView, ...]:
    """Messages about accounts that the asker may see, the latest first. Two queries."""
    rows = models.Message.objects.filter(account__in=accounts.visible(seen_by=seen_by))
    if state:
        rows = rows.filter(state=state)
    if run is not None:
        rows = rows.filter(step__run=run)
    if channel:
        rows = rows.filter(channel__slug=channel)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("account", "step", "channel").order_by("-pk")[:limit])
    tries: dict[int, list[AttemptView]] = {}
    for one in models.MessageAttempt.objects.filter(message__in=found).order_by("pk"):
        tries.setdefault(one.message_id, []).append(AttemptView(one.at, one.status, one.answer, one.error))
    return tuple(_view(row, tuple(tries.get(row.pk, ()))) for row in found)


def find(*, message_id: int, seen_by: Scope) -> MessageView:
    """One message."""
    found = page(seen_by=seen_by, before=message_id + 1, limit=1)
    if not found or found[0].id != message_id:
        raise NotFound("There is no message %(message_id)s.", message_id=message_id)
    return found[0]


def waiting(*, at: datetime, mail: bool) -> bool:
    """Whether anything is to be sent now. One query."""
    rows = models.Message.objects.filter(state="queued", next_at__lte=at, channel__paused_at=None)
    return (rows if mail else rows.exclude(kind="mail")).exists()


def _view(row: models.Message, attempts: tuple[AttemptView, ...]) -> MessageView:
    return MessageView(
        id=row.pk,
        kind=row.kind,
        account_key=row.account.key,
        account_name=row.account.name,
        run=row.step.run_id if row.step else None,
        step=row.step.slug if row.step else "",
        channel=row.channel.slug if row.channel else "",
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        key=row.key,
        state=row.state,
        tries=row.tries,
        made_at=row.made_at,
        next_at=row.next_at,
        ended_at=row.ended_at,
        attempts=attempts,
    )
