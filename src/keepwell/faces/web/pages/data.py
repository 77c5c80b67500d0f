"""What the data page says: imports, senders of events, and what could not be taken."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.imports import ImportRow
from keepwell.faces.web.pages.records import KindRow
from keepwell.faces.web.pages.rejected import GroupRow
from keepwell.intake.queries.sources import SourceView
from keepwell.kernel import speech


@dataclass(frozen=True)
class SourceRow:
    """A source in the list."""

    name: str
    slug: str
    key: str
    vouches: bool
    heard: DayMark | None
    key_href: str


@dataclass(frozen=True)
class DataPage:
    """Everything about how facts get in; `awaits`: events that mean no account are yet to be counted."""

    state: str
    may_import: bool
    imports: tuple[ImportRow, ...]
    has_more_imports: bool
    sources: tuple[SourceRow, ...]
    rejected: tuple[GroupRow, ...]
    unresolved: str
    kinds: tuple[KindRow, ...]
    awaits: bool


@dataclass(frozen=True)
class ImportsPage:
    """The latest imports."""

    state: str
    imports: tuple[ImportRow, ...]


@dataclass(frozen=True)
class NewKeyPage:
    """Before a source's write key is replaced: whose it is, and when it was last heard."""

    name: str
    key: str
    heard: DayMark | None
    href: str


@dataclass(frozen=True)
class NewSourcePage:
    """Making a source; `write_key` is there once, right after it was made."""

    name: str = ""
    slug: str = ""
    vouches: bool = False
    refused: str = ""
    write_key: str = ""
    address: str = ""


def source(view: SourceView, *, now: datetime) -> SourceRow:
    """A source as a row; its key only by its beginning."""
    return SourceRow(
        view.name,
        view.slug,
        f"{view.write_key_prefix}…" if view.write_key_prefix else "",
        view.vouches,
        DayMark.of(view.last_event_at, today=words.local_day(now)),
        reverse("source-key", args=(view.slug,)),
    )


def new_key(view: SourceView, *, now: datetime) -> NewKeyPage:
    """What to know before the key is replaced."""
    row = source(view, now=now)
    return NewKeyPage(view.name, row.key, row.heard, row.key_href)


def unresolved(how_many: int) -> str:
    """Events whose account is not known yet, in words; nothing when there are none."""
    if not how_many:
        return ""
    return speech.counted(
        how_many,
        "%(events)s names no account that Keepwell knows. It is kept and counts as soon as the account is known.",
        "%(events)s name no account that Keepwell knows. They are kept and count as soon as the account is known.",
        events=words.count(how_many, "event"),
    )


def state(imports: tuple[ImportRow, ...], sources: tuple[SourceRow, ...]) -> str:
    """The page in a sentence."""
    moving = sum(row.is_moving for row in imports)
    said = words.count(len(sources), "source")
    if moving:
        said += speech.told(", %(imports)s running", imports=words.count(moving, "import"))
    elif imports:
        said += speech.told(", last import %(when)s", when=imports[0].when)
    return said + "."
