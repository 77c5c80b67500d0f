"""What the page of a replay says: rejections that are sent in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages import rejected
from keepwell.faces.web.pages.imports import Progress
from keepwell.intake.queries.batches import RejectionView
from keepwell.intake.queries.rejections import AttemptView, ReplayView
from keepwell.kernel import speech


@dataclass(frozen=True)
class ReplayPage:
    """A replay, under way or ended."""

    id: int
    href: str
    state: str
    about: str
    progress: Progress | None
    counts: tuple[tuple[str, str], ...]
    refusals: tuple[rejected.RejectionRow, ...]
    more: str
    error: str


def replay(
    view: ReplayView,
    *,
    refused: Sequence[AttemptView],
    rows: Sequence[RejectionView],
    now: datetime,
) -> ReplayPage:
    """A replay's page."""
    by_id = {one.rejection_id: one for one in rows}
    settled = view.done - view.taken - view.refused
    counts = [
        ("taken", view.taken),
        (speech.told("refused again"), view.refused),
        (speech.told("settled before"), settled),
    ]
    by = speech.told(
        "by %(by)s, %(asked_at)s",
        by=view.by,
        asked_at=words.moment(view.asked_at, today=words.local_day(now)),
    )
    moving = view.state in ("queued", "running")
    return ReplayPage(
        id=view.replay_id,
        href=reverse("replay", args=(view.replay_id,)),
        state={
            "queued": speech.told("Waiting for its turn"),
            "running": speech.told("Under way"),
            "done": speech.told("Done"),
            "failed": speech.told("Stopped"),
        }[view.state],
        about=f"{words.count(view.total, 'rejection')}, {by}",
        progress=_progress(view, now) if moving else None,
        counts=tuple((title, words.whole(count)) for title, count in counts if count or title == "taken"),
        refusals=tuple(
            rejected.row(by_id[a.rejection_id], now=now) for a in refused if a.rejection_id in by_id
        ),
        more=speech.told(
            "The first %(n)s of %(refused)s.", n=words.whole(len(refused)), refused=words.whole(view.refused)
        )
        if view.refused > len(refused)
        else "",
        error=view.error,
    )


def _progress(view: ReplayView, now: datetime) -> Progress:
    seconds = (now - view.started_at).total_seconds() if view.started_at else 0.0
    rate = view.done / seconds if seconds > 0 else 0.0
    left = (
        speech.told(
            "about %(timedelta)s left",
            timedelta=words.span(timedelta(seconds=(view.total - view.done) / rate + 1)),
        )
        if rate
        else ""
    )
    return Progress(
        view.done,
        view.total,
        speech.told(
            "%(done)s of %(rejections)s",
            done=words.whole(view.done),
            rejections=words.count(view.total, "rejection"),
        )
        if view.started_at
        else speech.told("Waiting for its turn"),
        speech.told("%(rate)s a second", rate=words.whole(rate)) if rate else "",
        left,
        reverse("replay-progress", args=(view.replay_id,)),
    )
