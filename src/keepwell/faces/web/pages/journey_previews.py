"""What the preview of a journey says: each phase today by what holds and by what is typed, and who would stand otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.outcomes.queries.journey_preview import JourneyPreview, NamedAccount, Onward, Turned

STANDS = {
    "ready": speech.later("ready to go on"),
    "stalled": speech.later("longer than expected"),
    "under_way": speech.later("under way"),
}


@dataclass(frozen=True)
class PreviewedPhase:
    """A phase with its figures: title of the column, what would be, and what is."""

    title: str
    now: int
    figures: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class PreviewLine:
    """A sentence with the first accounts that it counts, and how many more there are."""

    said: str
    first: tuple[tuple[str, str], ...]
    more: str


@dataclass(frozen=True)
class JourneyPreviewPart:
    """The whole preview."""

    state: str
    phases: tuple[PreviewedPhase, ...]
    onward: tuple[PreviewLine, ...]
    turned: tuple[PreviewLine, ...]


def part(found: JourneyPreview) -> JourneyPreviewPart:
    """The part of the page."""
    moved = sum(one.accounts for one in found.turned)
    return JourneyPreviewPart(
        state=speech.told(
            "%(accounts)s in a phase today, %(moved)s would stand otherwise. Nothing is written yet. Criteria move nobody.",
            accounts=words.count(found.accounts, "account"), moved=moved,
        ),
        phases=tuple(
            PreviewedPhase(
                one.title,
                one.now,
                tuple(
                    (title, after, "" if before == after else speech.told("now %(count)s", count=before))
                    for title, (before, after) in (
                        (speech.told("Ready to go on"), one.ready),
                        (speech.told("Longer than expected"), one.stalled),
                        (speech.told("Beginning does not hold"), one.early),
                    )
                ),
            )
            for one in found.phases
        ),
        onward=tuple(map(_onward, found.onward)),
        turned=tuple(map(_turned, found.turned)),
    )  # fmt: skip


def _onward(one: Onward) -> PreviewLine:
    where = (
        speech.told("%(phase)s → %(to)s", phase=one.title, to=one.to_title)
        if one.to
        else speech.told("%(phase)s is the last phase", phase=one.title)
    )
    said = speech.told(
        "%(where)s: %(after)s could go on, now %(before)s.",
        where=where, after=words.count(one.after, "account"), before=one.before,
    )  # fmt: skip
    return _line(said, one.first, one.after)


def _turned(one: Turned) -> PreviewLine:
    said = speech.told(
        "%(phase)s: %(accounts)s %(before)s would be %(after)s.",
        phase=one.title, accounts=words.count(one.accounts, "account"),
        before=speech.said(STANDS[one.before]), after=speech.said(STANDS[one.after]),
    )  # fmt: skip
    return _line(said, one.first, one.accounts)


def _line(said: str, first: Sequence[NamedAccount], count: int) -> PreviewLine:
    left = count - len(first)
    more = speech.told("and %(count)s more", count=left) if left else ""
    return PreviewLine(
        said, tuple((one.name, reverse("account-journey", args=(one.key,))) for one in first), more
    )
