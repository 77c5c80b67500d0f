"""What the pages of channels say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.runs import SENT
from keepwell.kernel import speech
from keepwell.plays.queries.messages import ChannelView, MessageView

KINDS = {"webhook": speech.later("Signed webhook"), "chat": speech.later("Chat")}


@dataclass(frozen=True)
class ChannelRow:
    """A channel in the list."""

    title: str
    href: str
    kind: str
    host: str
    state: str
    tested: str
    waiting: str


@dataclass(frozen=True)
class Typed:
    """What the form of a new channel holds."""

    title: str = ""
    kind: str = "webhook"
    url: str = ""


@dataclass(frozen=True)
class ChannelsPage:
    """All channels, and the form of a new one."""

    rows: tuple[ChannelRow, ...]
    typed: Typed
    kinds: tuple[Option, ...]
    may_change: bool
    refused: str


@dataclass(frozen=True)
class DeliveryRow:
    """A message that went through the channel, or is to."""

    id: int
    what: str
    name: str
    account_href: str
    run_href: str
    state: str
    when: str
    tries: tuple[tuple[str, str], ...]
    may_replay: bool


@dataclass(frozen=True)
class ChannelPage:
    """One channel: how it stands, and what went through it."""

    slug: str
    title: str
    kind: str
    host: str
    state: str
    tested: str
    is_paused: bool
    is_signed: bool
    rows: tuple[DeliveryRow, ...]
    more: str
    may_change: bool


@dataclass(frozen=True)
class SecretPage:
    """The secret of a channel, which is shown this once."""

    slug: str
    title: str
    secret: str


def listing(
    found: Sequence[ChannelView],
    *,
    now: datetime,
    may_change: bool,
    typed: Typed | None = None,
    refused: str = "",
) -> ChannelsPage:
    """The list."""
    typed = typed or Typed()
    return ChannelsPage(
        tuple(
            ChannelRow(
                one.title,
                reverse("settings-channel", args=(one.slug,)),
                speech.told(KINDS[one.kind]),
                one.host,
                _state(one, now),
                _tested(one, now),
                words.whole(one.waiting),
            )
            for one in found
        ),
        typed,
        tuple(Option(kind, speech.told(title), kind == typed.kind) for kind, title in KINDS.items()),
        may_change,
        refused,
    )


def _state(one: ChannelView, now: datetime) -> str:
    if one.paused_at is None:
        return speech.told("Open")
    when = words.moment(one.paused_at, today=words.local_day(now))
    return speech.told("Paused since %(when)s: its messages wait.", when=when)


def _tested(one: ChannelView, now: datetime) -> str:
    if one.tested_at is None:
        return speech.told("Never tested")
    when = words.moment(one.tested_at, today=words.local_day(now))
    if one.tested_well:
        return speech.told("The test of %(when)s was taken: %(said)s", when=when, said=one.tested_said)
    return speech.told("The test of %(when)s was not taken: %(said)s", when=when, said=one.tested_said)


def detail(
    one: ChannelView,
    found: Sequence[MessageView],
    *,
    now: datetime,
    may_change: bool,
    may_work: bool,
    limit: int,
) -> ChannelPage:
    """One channel."""
    return ChannelPage(
        one.slug,
        one.title,
        speech.told(KINDS[one.kind]),
        one.host,
        _state(one, now),
        _tested(one, now),
        one.paused_at is not None,
        one.kind == "webhook",
        tuple(_delivery(row, now=now, may_work=may_work) for row in found),
        speech.told("Older ones are in the CSV.") if len(found) == limit else "",
        may_change,
    )


def _delivery(one: MessageView, *, now: datetime, may_work: bool) -> DeliveryRow:
    today = words.local_day(now)
    tries = [
        (words.moment(attempt.at, today=today), attempt.error or str(attempt.status or speech.told("Sent")))
        for attempt in one.attempts
    ]
    state = speech.told(SENT[one.state])
    if one.state == "queued" and one.attempts:
        state = speech.told("Again %(when)s", when=words.moment(one.next_at, today=today))
    return DeliveryRow(
        one.id,
        words.spoken(one.step),
        one.account_name,
        reverse("account", args=(one.account_key,)),
        reverse("run", args=(one.run,)) if one.run else "",
        state,
        words.moment(one.made_at, today=today),
        tuple(tries),
        may_work and one.state in ("sent", "failed", "unsure"),
    )
