"""What the pages of the dead letter say: reasons with counts, the rows, one row to be mended, a replay."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.imports import Progress
from keepwell.intake import reasons
from keepwell.intake.chosen import CALLS, STATES, Chosen
from keepwell.intake.kinds import KINDS
from keepwell.intake.queries.batches import RejectionView
from keepwell.intake.queries.rejections import AttemptView, DeedView, GroupView, ReplayView, SubjectView
from keepwell.kernel.errors import Invalid

TITLES = {"open": "Open", "replayed": "Replayed", "dismissed": "Dismissed"}
REFUSED = ("rejected", "conflict")


@dataclass(frozen=True)
class GroupRow:
    """One reason with its count."""

    title: str
    advice: str
    href: str
    count: str
    about: str
    latest: str
    is_chosen: bool


@dataclass(frozen=True)
class Subject:
    """A value that rejections name, with their count."""

    about: str
    count: str
    href: str


@dataclass(frozen=True)
class RejectionRow:
    """A rejection in the list."""

    href: str
    what: str
    origin: str
    reason: str
    when: str


@dataclass(frozen=True)
class RejectedPage:
    """The dead letter, or a part of it."""

    state: str
    chosen: Mapping[str, str]
    title: str
    is_open: bool
    is_narrow: bool
    count: int
    counted: str
    groups: tuple[GroupRow, ...]
    subjects: tuple[Subject, ...]
    rows: tuple[RejectionRow, ...]
    columns: tuple[str, ...]
    states: tuple[Option, ...]
    kinds: tuple[Option, ...]
    sources: tuple[Option, ...]
    known_now: str
    csv: str
    older: str
    clear: str
    refused: str = ""
    said: str = ""


@dataclass(frozen=True)
class Cell:
    """One column of a row to be mended."""

    name: str
    value: str
    was: str
    is_about: bool


@dataclass(frozen=True)
class Deed:
    """A line of the history."""

    what: str
    who: str
    when: str
    note: str


@dataclass(frozen=True)
class RejectionPage:
    """One rejection: why, what it says, what was done about it."""

    id: int
    href: str
    title: str
    origin: str
    origin_href: str
    reason: str
    advice: str
    is_open: bool
    is_dismissed: bool
    state: str
    cells: tuple[Cell, ...]
    text: str
    history: tuple[Deed, ...]
    refused: str = ""


@dataclass(frozen=True)
class ReplayPage:
    """A replay, under way or ended."""

    id: int
    href: str
    state: str
    about: str
    progress: Progress | None
    counts: tuple[tuple[str, str], ...]
    refusals: tuple[RejectionRow, ...]
    more: str
    error: str


def chosen_in(query: Mapping[str, str]) -> Chosen:
    """The choice that an address or a form makes."""
    batch = query.get("import", "")
    if batch and (not batch.isdecimal() or len(batch) > 18):
        raise Invalid(f'"{batch}" is no import. Use its number.')
    return Chosen(
        state=query.get("state") or "open",
        why=query.get("why", ""),
        about=query.get("about", ""),
        source=query.get("source", ""),
        batch_id=int(batch) if batch else None,
        kind=query.get("kind", ""),
        text=query.get("text", "").strip(),
        known_now=query.get("known_now") == "1",
    ).checked()


def asked(chosen: Chosen) -> dict[str, str]:
    """The choice as the fields of a form."""
    fields = {
        "state": "" if chosen.state == "open" else chosen.state,
        "why": chosen.why,
        "about": chosen.about,
        "source": chosen.source,
        "import": str(chosen.batch_id or ""),
        "kind": chosen.kind,
        "text": chosen.text,
        "known_now": "1" if chosen.known_now else "",
    }
    return {name: value for name, value in fields.items() if value}


def address(chosen: Chosen, name: str = "rejected", **more: str) -> str:
    """The page of a choice."""
    query = urlencode(asked(chosen) | more)
    return reverse(name) + (f"?{query}" if query else "")


def page(
    chosen: Chosen,
    *,
    count: int,
    groups: Sequence[GroupView],
    subjects: Sequence[SubjectView],
    rows: Sequence[RejectionView],
    columns: Sequence[str],
    sources: Sequence[str],
    known_now: int,
    limit: int,
    now: datetime,
    refused: str = "",
    said: str = "",
) -> RejectedPage:
    """The page of a choice."""
    reason = reasons.find(chosen.why).title if chosen.why else ""
    title = f"{reason}: {chosen.about}" if chosen.about and reason else reason or TITLES[chosen.state]
    return RejectedPage(
        state=_state(chosen, count),
        chosen=asked(chosen),
        title=title,
        is_open=chosen.state == "open",
        is_narrow=chosen.narrows,
        count=count,
        counted=f"{count:,}",
        groups=tuple(group(chosen, one, now=now) for one in groups),
        subjects=tuple(
            Subject(s.about, f"{s.count:,}", address(replace(chosen, about=s.about))) for s in subjects
        ),
        rows=tuple(row(view, now=now) for view in rows),
        columns=tuple(columns) if chosen.state == "open" else (),
        states=tuple(Option(state, TITLES[state], state == chosen.state) for state in STATES),
        kinds=(
            Option("", "Any kind", not chosen.kind),
            Option(CALLS, "Tracking calls", chosen.kind == CALLS),
            *(Option(kind.slug, kind.title, kind.slug == chosen.kind) for kind in KINDS.values()),
        ),
        sources=(
            Option("", "Any source", not chosen.source),
            *(Option(slug, slug, slug == chosen.source) for slug in sources),
        ),
        known_now=_known_now(known_now),
        csv=address(chosen, "rejected-csv"),
        older=address(chosen, before=str(rows[-1].rejection_id)) if len(rows) == limit else "",
        clear=reverse("rejected"),
        refused=refused,
        said=said,
    )


def _state(chosen: Chosen, count: int) -> str:
    if chosen.state != "open":
        return f"{words.count(count, 'row or call', 'rows and calls')} {TITLES[chosen.state].lower()}."
    if not count:
        return "Nothing waits to be mended." if not chosen.narrows else "Nothing of this kind waits."
    return f"{words.count(count, 'row or call waits', 'rows and calls wait')} to be mended."


def _known_now(count: int) -> str:
    if not count:
        return ""
    one = count == 1
    return f"{words.count(count, 'of these names', 'of these name')} an account that {'is' if one else 'are'} known by now."


def group(chosen: Chosen, of: GroupView, *, now: datetime) -> GroupRow:
    """A reason as a row."""
    reason = reasons.find(of.why)
    return GroupRow(
        reason.title,
        reason.advice,
        address(replace(chosen, why=of.why, about="", known_now=False)),
        f"{of.count:,}",
        f"{of.subjects:,}" if of.subjects > 1 else "",
        words.moment(of.latest_at, today=now.date()),
        of.why == chosen.why,
    )


def row(view: RejectionView, *, now: datetime) -> RejectionRow:
    """A rejection as a row."""
    return RejectionRow(
        reverse("rejection", args=(view.rejection_id,)),
        _what(view),
        view.file_name or view.source,
        view.reason,
        words.moment(view.received_at, today=now.date()),
    )


def _what(view: RejectionView) -> str:
    if view.kind != CALLS:
        return f"Row {view.row:,}" if view.row is not None else "Row"
    return str(view.content.get("event") or view.content.get("type") or view.message_id or "Call")[:80]


def one(
    view: RejectionView,
    *,
    first: Mapping[str, Any],
    history: Sequence[DeedView],
    now: datetime,
    typed: Mapping[str, str] | None = None,
    text: str | None = None,
    refused: str = "",
) -> RejectionPage:
    """One rejection's page; `typed` and `text` are what somebody typed that could not be taken."""
    is_call = view.kind == CALLS
    given = view.content if typed is None else {**view.content, **typed}
    said = json.dumps(view.content, indent=2, ensure_ascii=False) if text is None else text
    return RejectionPage(
        id=view.rejection_id,
        href=reverse("rejection", args=(view.rejection_id,)),
        title=_what(view),
        origin=f"{view.file_name}, from “{view.source}”" if view.file_name else f"“{view.source}”",
        origin_href=reverse("import", args=(view.batch_id,)) if view.batch_id else "",
        reason=view.reason,
        advice=reasons.find(view.why).advice,
        is_open=view.state == "open",
        is_dismissed=view.state == "dismissed",
        state=f"{TITLES[view.state]}. Came {words.moment(view.received_at, today=now.date())}.",
        cells=() if is_call else tuple(_cell(view, column, given, first) for column in view.columns),
        text=said if is_call else "",
        history=tuple(
            Deed(
                deed.deed[:1].upper() + deed.deed[1:],
                deed.by or deed.through,
                words.moment(deed.at, today=now.date()),
                deed.note,
            )
            for deed in history
        ),
        refused=refused,
    )


def _cell(view: RejectionView, column: str, given: Mapping[str, Any], first: Mapping[str, Any]) -> Cell:
    value, was = str(given.get(column, "")), str(first.get(column, ""))
    return Cell(column, value, was if was != value else "", bool(view.about) and value == view.about)


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
    counts = [("taken", view.taken), ("refused again", view.refused), ("settled before", settled)]
    by = f"by {view.by}, {words.moment(view.asked_at, today=now.date())}"
    moving = view.state in ("queued", "running")
    return ReplayPage(
        id=view.replay_id,
        href=reverse("replay", args=(view.replay_id,)),
        state={"queued": "Waiting for its turn", "running": "Under way", "done": "Done", "failed": "Stopped"}[
            view.state
        ],
        about=f"{words.count(view.total, 'rejection')}, {by}",
        progress=_progress(view, now) if moving else None,
        counts=tuple((title, f"{count:,}") for title, count in counts if count or title == "taken"),
        refusals=tuple(row(by_id[a.rejection_id], now=now) for a in refused if a.rejection_id in by_id),
        more=f"The first {len(refused):,} of {view.refused:,}." if view.refused > len(refused) else "",
        error=view.error,
    )


def _progress(view: ReplayView, now: datetime) -> Progress:
    seconds = (now - view.started_at).total_seconds() if view.started_at else 0.0
    rate = view.done / seconds if seconds > 0 else 0.0
    left = f"about {words.span(timedelta(seconds=(view.total - view.done) / rate + 1))} left" if rate else ""
    return Progress(
        view.done,
        view.total,
        f"{view.done:,} of {words.count(view.total, 'rejection')}"
        if view.started_at
        else "Waiting for its turn",
        f"{rate:,.0f} a second" if rate else "",
        left,
        reverse("replay-progress", args=(view.replay_id,)),
    )
