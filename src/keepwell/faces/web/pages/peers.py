"""What the page says of an account beside its peers and its own past."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from keepwell.charts.strip import strip
from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.segments.queries.peers import FEWEST, Beside, Peers, PeerView
from keepwell.segments.queries.segments import SegmentView


@dataclass(frozen=True)
class PeerRow:
    """One measure."""

    title: str
    href: str
    sentence: str
    value: str
    strip: str
    peers: str
    past: str


@dataclass(frozen=True)
class PeersPage:
    """An account beside others."""

    name: str
    back: str
    action: str
    finding: str
    choices: tuple[Option, ...]
    rows: tuple[PeerRow, ...]


def page(found: Peers, segments: Sequence[SegmentView], *, chosen: str, key: str, name: str) -> PeersPage:
    """`segments` are those that the account is in."""
    return PeersPage(
        name,
        reverse("account-health", args=(key,)),
        reverse("account-peers", args=(key,)),
        _finding(found),
        (
            Option("", speech.told("All customers"), not chosen),
            *(Option(view.slug, view.title, view.slug == chosen) for view in segments),
        ),
        tuple(_row(row) for row in found.rows),
    )


def _finding(found: Peers) -> str:
    if found.count < FEWEST:
        return speech.told(
            "%(accounts)s are too few to compare with.", accounts=words.count(found.count, "account")
        )
    sampled = speech.told(", 1,000 of them asked") if found.is_sampled else ""
    return speech.told(
        "Beside %(title)s (%(count)s%(sampled)s); 100 is the best, 50 the middle.",
        title=found.title,
        count=words.whole(found.count),
        sampled=sampled,
    )


def _row(row: PeerView) -> PeerRow:
    value = words.number(row.value, row.metric.unit)
    told = ""
    if row.peers is not None:
        middle = words.number(row.peers.spread[2], row.metric.unit)
        told = speech.told("%(value)s; the middle of the others is %(middle)s", value=value, middle=middle)
    return PeerRow(
        row.metric.title,
        reverse("measure", args=(row.metric.slug,)),
        row.metric.sentence,
        value,
        strip(row.peers.spread, row.value, told=told) if row.peers else "",
        _percentile(row.peers),
        _percentile(row.past),
    )


def _percentile(beside: Beside | None) -> str:
    return "–" if beside is None else f"{beside.percentile:.0f}"
