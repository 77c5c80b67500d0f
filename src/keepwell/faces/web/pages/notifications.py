"""What the bell, its page and the digest say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.access.decisions import DIGESTS
from keepwell.cockpit.queries.today import Today
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import today as today_pages
from keepwell.kernel import speech
from keepwell.kernel.figures import HARD
from keepwell.plays.notices import KINDS
from keepwell.plays.queries.notifications import Choice, NotificationView

MOST_SHOWN = 99


@dataclass(frozen=True)
class Told:
    """One notification."""

    id: int
    kind: str
    what: str
    href: str
    when: str
    is_unread: bool


@dataclass(frozen=True)
class NotificationsPage:
    """What one was told, and how one wants to be told."""

    state: str
    told: tuple[Told, ...]
    choices: tuple[Choice, ...]
    cadences: tuple[Option, ...]
    zone: str
    mails: bool
    unread: int
    only_unread: bool
    next: str


@dataclass(frozen=True)
class DigestLine:
    """Something in the letter."""

    what: str
    why: str
    href: str


@dataclass(frozen=True)
class DigestPage:
    """The letter."""

    subject: str
    name: str
    state: str
    waiting: tuple[DigestLine, ...]
    told: tuple[DigestLine, ...]
    more: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.waiting and not self.told


def page(
    found: Sequence[NotificationView],
    *,
    choices: tuple[Choice, ...],
    digest: str,
    zone: str,
    mails: bool,
    unread: int,
    only_unread: bool,
    next: str,
    now: datetime,
) -> NotificationsPage:
    """The page."""
    return NotificationsPage(
        state=f"{words.count(unread, 'unread notification')}." if unread else speech.told("All is read."),
        told=tuple(_told(row, now) for row in found),
        choices=choices,
        cadences=tuple(Option(slug, speech.told(title), slug == digest) for slug, title in DIGESTS.items()),
        zone=zone,
        mails=mails,
        unread=unread,
        only_unread=only_unread,
        next=next,
    )


def _told(row: NotificationView, now: datetime) -> Told:
    kind = KINDS[row.kind].title if row.kind in KINDS else row.kind
    when = words.moment(row.at, today=words.local_day(now))
    return Told(row.id, kind, speech.recalled(row.what), address(row.subject), when, row.read_at is None)


def address(subject: str) -> str:
    """What a notification opens."""
    kind, _, name = subject.partition(":")
    if kind in ("account", "note"):
        return reverse("account-timeline" if kind == "note" else "account", args=(name,))
    if kind in ("task", "incident", "import", "signal") and name.isdecimal():
        return reverse(kind, args=(int(name),))
    return reverse("today")


def digest(
    found: Today, told: Sequence[NotificationView], *, name: str, now: datetime, base: str, most: int
) -> DigestPage:
    """The letter: what happened, and what waits today."""
    waiting = [row for row in found.rows if row.group in ("clocks", "today")]
    lines = tuple(
        DigestLine(
            f"{row.offer.what}{f' · {row.offer.stake.name}' if row.offer.stake else ''}",
            row.offer.why,
            base + today_pages.address(row.offer),
        )
        for row in waiting[:most]
    )
    said = words.count(len(waiting), "thing") + (
        speech.told(" waits today") if len(waiting) == 1 else speech.told(" wait today")
    )
    if told:
        said += f", {words.count(len(told), 'new notification')}"
    return DigestPage(
        subject=f"Keepwell: {said}".replace(HARD, " "),
        name=name,
        state=f"{said}.",
        waiting=lines,
        told=tuple(
            DigestLine(speech.recalled(row.what), KINDS[row.kind].title, base + address(row.subject))
            for row in told
        ),
        more=max(0, len(waiting) - most),
    )
