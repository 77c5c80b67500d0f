"""What the pages of the dead letter say: reasons with counts, the rows, one row to be mended, a replay."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.intake import reasons
from keepwell.intake.chosen import CALLS, STATES, Chosen
from keepwell.intake.kinds import KINDS
from keepwell.intake.queries.batches import RejectionView
from keepwell.intake.queries.rejections import DeedView, GroupView, SubjectView
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid

TITLES = {
    "open": speech.later("Open"),
    "replayed": speech.later("Replayed"),
    "dismissed": speech.later("Dismissed"),
}
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


def chosen_in(query: Mapping[str, str]) -> Chosen:
    """The choice that an address or a form makes."""
    batch = query.get("import", "")
    if batch and (not batch.isdecimal() or len(batch) > 18):
        raise Invalid('"%(batch)s" is no import. Use its number.', batch=batch)
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
        counted=words.whole(count),
        groups=tuple(group(chosen, one, now=now) for one in groups),
        subjects=tuple(
            Subject(s.about, words.whole(s.count), address(replace(chosen, about=s.about))) for s in subjects
        ),
        rows=tuple(row(view, now=now) for view in rows),
        columns=tuple(columns) if chosen.state == "open" else (),
        states=tuple(Option(state, TITLES[state], state == chosen.state) for state in STATES),
        kinds=(
            Option("", speech.told("Any kind"), not chosen.kind),
            Option(CALLS, speech.told("Tracking calls"), chosen.kind == CALLS),
            *(Option(kind.slug, kind.title, kind.slug == chosen.kind) for kind in KINDS.values()),
        ),
        sources=(
            Option("", speech.told("Any source"), not chosen.source),
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
        return (
            speech.told("Nothing waits to be mended.")
            if not chosen.narrows
            else speech.told("Nothing of this kind waits.")
        )
    return speech.told(
        "%(rows_and_calls_wait)s to be mended.",
        rows_and_calls_wait=words.count(count, "row or call waits", "rows and calls wait"),
    )


def _known_now(count: int) -> str:
    if not count:
        return ""
    return speech.counted(
        count,
        "%(n)s of these names an account that is known by now.",
        "%(n)s of these name an account that are known by now.",
        n=words.whole(count),
    )


def group(chosen: Chosen, of: GroupView, *, now: datetime) -> GroupRow:
    """A reason as a row."""
    reason = reasons.find(of.why)
    return GroupRow(
        reason.title,
        reason.advice,
        address(replace(chosen, why=of.why, about="", known_now=False)),
        words.whole(of.count),
        words.whole(of.subjects) if of.subjects > 1 else "",
        words.moment(of.latest_at, today=words.local_day(now)),
        of.why == chosen.why,
    )


def row(view: RejectionView, *, now: datetime) -> RejectionRow:
    """A rejection as a row."""
    return RejectionRow(
        reverse("rejection", args=(view.rejection_id,)),
        _what(view),
        view.file_name or view.source,
        speech.recalled(view.reason),
        words.moment(view.received_at, today=words.local_day(now)),
    )


def _what(view: RejectionView) -> str:
    if view.kind != CALLS:
        return (
            speech.told("Row %(row)s", row=words.whole(view.row))
            if view.row is not None
            else speech.told("Row")
        )
    return str(
        view.content.get("event") or view.content.get("type") or view.message_id or speech.told("Call")
    )[:80]


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
        origin=speech.told("%(file_name)s, from “%(source)s”", file_name=view.file_name, source=view.source)
        if view.file_name
        else f"“{view.source}”",
        origin_href=reverse("import", args=(view.batch_id,)) if view.batch_id else "",
        reason=speech.recalled(view.reason),
        advice=reasons.find(view.why).advice,
        is_open=view.state == "open",
        is_dismissed=view.state == "dismissed",
        state=speech.told(
            "%(titles)s. Came %(received_at)s.",
            titles=TITLES[view.state],
            received_at=words.moment(view.received_at, today=words.local_day(now)),
        ),
        cells=() if is_call else tuple(_cell(view, column, given, first) for column in view.columns),
        text=said if is_call else "",
        history=tuple(
            Deed(
                deed.deed[:1].upper() + deed.deed[1:],
                deed.by or deed.through,
                words.moment(deed.at, today=words.local_day(now)),
                deed.note,
            )
            for deed in history
        ),
        refused=refused,
    )


def _cell(view: RejectionView, column: str, given: Mapping[str, Any], first: Mapping[str, Any]) -> Cell:
    value, was = str(given.get(column, "")), str(first.get(column, ""))
    return Cell(column, value, was if was != value else "", bool(view.about) and value == view.about)
