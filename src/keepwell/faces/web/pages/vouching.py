"""What the page says of a source's vouching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.intake.queries.sources import SourceView
from keepwell.intake.queries.vouchings import ShareView, VouchingView
from keepwell.kernel import speech


@dataclass(frozen=True)
class SaidRow:
    """Somebody said so, or took it back."""

    what: str
    who: str
    when: str
    note: str
    href: str


@dataclass(frozen=True)
class VouchingPage:
    """Whether a source is believed about the past, since when, on whose word, and how much rests on it."""

    name: str
    href: str
    vouches: bool
    share: str
    rows: tuple[SaidRow, ...]
    refused: str


def source(
    view: SourceView,
    *,
    said: Sequence[VouchingView],
    shares: Sequence[ShareView],
    now: datetime,
    refused: str = "",
) -> VouchingPage:
    """The page of one source."""
    share = next((share for share in shares if share.source == view.slug), None)
    return VouchingPage(
        name=view.name,
        href=reverse("source-vouching", args=(view.slug,)),
        vouches=view.vouches,
        share=_share(share),
        rows=tuple(_row(one, now) for one in said),
        refused=refused,
    )


def _row(one: VouchingView, now: datetime) -> SaidRow:
    verb = speech.told("Vouched for") if one.vouches else speech.told("No longer vouches for")
    return SaidRow(
        f"{verb} {one.file_name or speech.told('what it sends')}",
        one.by,
        words.moment(one.at, today=words.local_day(now)),
        one.note,
        reverse("import", args=(one.batch_id,)) if one.batch_id else "",
    )


def _share(share: ShareView | None) -> str:
    if share is None:
        return speech.told("The lake holds no event of it yet.")
    events = words.count(share.events, "event")
    return speech.told(
        "%(vouched)s of %(events)s (%(percent)s) count as known before they came.",
        vouched=words.whole(share.vouched),
        events=events,
        percent=words.percent(share.percent),
    )
