"""What the privacy pages say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.hooks import registry
from keepwell.kernel import speech
from keepwell.ledger.actions.erasures import GROUNDS
from keepwell.ledger.queries.erasures import CertificateView, Preview


@dataclass(frozen=True)
class Line:
    """One place: what it holds, and what is there or what was done."""

    title: str
    holds: str
    said: str


@dataclass(frozen=True)
class Found:
    """A person who was looked for."""

    key: str
    who: str
    keys: str
    not_searched: str
    lines: tuple[Line, ...]
    total: str


@dataclass(frozen=True)
class CertificateRow:
    """A certificate in the list."""

    number: str
    href: str
    when: str
    by: str
    state: str


@dataclass(frozen=True)
class PrivacyPage:
    """Look for a person; what was found; the certificates."""

    asked: str
    found: Found | None
    grounds: tuple[tuple[str, str], ...]
    certificates: tuple[CertificateRow, ...]
    refused: str = ""


@dataclass(frozen=True)
class CertificatePage:
    """One certificate, to be read, printed or handed out."""

    number: str
    state: str
    running: bool
    done_percent: int
    error: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    left: str
    readmitted: bool
    href: str


def overview(
    *,
    asked: str,
    preview: Preview | None,
    certificates: tuple[CertificateView, ...],
    now: datetime,
    refused: str = "",
) -> PrivacyPage:
    """The page, with a person if one was looked for."""
    rows = tuple(
        CertificateRow(
            view.number,
            reverse("certificate", args=(view.number,)),
            words.moment(view.requested_at, today=words.local_day(now)),
            view.by,
            _state(view),
        )
        for view in certificates
    )
    found = None if preview is None else _found(asked, preview)
    return PrivacyPage(asked, found, tuple(GROUNDS.items()), rows, refused)


def _found(asked: str, preview: Preview) -> Found:
    subject = preview.subject
    return Found(
        asked,
        " · ".join((*subject.names, *subject.emails)) or subject.keys[0],
        ", ".join(subject.keys),
        ", ".join(subject.not_searched),
        tuple(
            Line(place.title, place.holds, _said(place.counts)) for place in preview.places if place.counts
        ),
        words.whole(preview.total),
    )


def _said(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {words.whole(count)}" for name, count in counts.items())


def _state(view: CertificateView) -> str:
    if view.running:
        return speech.told("Running")
    if any(view.left.values()):
        return speech.told("Done; something is left")
    return speech.told("Certified, re-admitted since") if view.readmitted else speech.told("Certified")


def certificate(view: CertificateView) -> CertificatePage:
    """A certificate in words."""
    facts = [
        (
            speech.told("Ordered"),
            speech.told(
                "%(requested_at)s UTC by %(by)s",
                requested_at=format(view.requested_at, "%Y-%m-%d %H:%M"),
                by=view.by,
            ),
        ),
        (
            speech.told("Finished"),
            speech.told("%(finished_at)s UTC", finished_at=format(view.finished_at, "%Y-%m-%d %H:%M"))
            if view.finished_at
            else speech.told("not yet"),
        ),
        (speech.told("Ground"), GROUNDS.get(view.ground, view.ground)),
        (speech.told("Note"), view.note or "–"),
        (speech.told("Subject"), view.subject),
    ]
    titles = {eraser.slug: eraser.title for eraser in registry.erasers()}
    slugs = dict.fromkeys([*view.found, *view.done, *view.left])
    lines = tuple(
        Line(
            titles.get(slug, slug),
            _said(view.found.get(slug, {})) or "nothing",
            _said(view.done.get(slug, {})) or "nothing",
        )
        for slug in slugs
    )
    left = "; ".join(f"{titles.get(slug, slug)}: {_said(counts)}" for slug, counts in view.left.items())
    return CertificatePage(
        view.number,
        _state(view),
        view.running,
        100 * view.asked // max(view.erasers, 1),
        view.error,
        tuple(facts),
        lines,
        left,
        view.readmitted,
        reverse("certificate", args=(view.number,)),
    )
