"""Tabs of an account that are made of records: a section a kind, and two pictures, of risks and of who does what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.record_derived import DERIVED
from keepwell.faces.web.pages.records import RecordTable, table
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.queries.naming import COLLEAGUES, Names
from keepwell.kernel import speech
from keepwell.ledger.queries.records import Record

FULL = 5
LETTERS = {"responsible": "R", "accountable": "A", "consulted": "C", "informed": "I"}


@dataclass(frozen=True)
class Square:
    """A field of the risk matrix: how many open risks are so likely and so grave, and how heavy that is."""

    count: int
    names: str
    tone: str


@dataclass(frozen=True)
class RiskRow:
    """A row of the matrix: one likelihood."""

    likelihood: int
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class RaciRow:
    """An activity, and the letters of each person in it."""

    activity: str
    letters: tuple[str, ...]


@dataclass(frozen=True)
class RaciGrid:
    """Who does what."""

    people: tuple[str, ...]
    rows: tuple[RaciRow, ...]


@dataclass(frozen=True)
class Section:
    """The records of one kind."""

    slug: str
    title: str
    help: str
    summary: str
    singular: str
    table: RecordTable
    new: str
    every: str
    matrix: tuple[RiskRow, ...]
    grid: RaciGrid | None
    may_write: bool


@dataclass(frozen=True)
class SectionsTab:
    """A whole tab; `missing` are the kinds of which nothing is known yet."""

    head: AccountHead
    title: str
    summary: str
    sections: tuple[Section, ...]
    missing: tuple[Section, ...]


def kinds_of(tab: str) -> list[ImportKind]:
    """The kinds that a tab shows, of those that belong to accounts."""
    return [kind for kind in KINDS.values() if kind.tab == tab and kind.store and kind.of_accounts]


def section(
    kind: ImportKind,
    rows: Sequence[Record],
    *,
    account: str,
    back: str,
    today: date,
    may_write: bool,
    names: Names,
    has_more: bool,
) -> Section:
    """The records of one kind, with what stands out among them."""
    of_account = urlencode({"account": account})
    new = reverse("record-new", args=(kind.slug,))
    every = f"{reverse('records', args=(kind.slug,))}?{of_account}"
    return Section(
        slug=kind.slug,
        title=kind.title,
        help=kind.help,
        summary=_summary(kind, rows, today, has_more),
        singular=kind.singular,
        table=table(kind, rows, today=today, with_account=False, back=back, names=names),
        new=f"{new}?{of_account}&{urlencode({'back': back})}",
        every=every if has_more else "",
        matrix=matrix(rows) if kind.slug == "risks" else (),
        grid=grid(rows, names) if kind.slug == "raci" and rows else None,
        may_write=may_write,
    )


def tab(head: AccountHead, *, title: str, sections: Sequence[Section]) -> SectionsTab:
    """Sections that say something first; the others are only named."""
    full = tuple(section for section in sections if section.table.rows)
    missing = tuple(section for section in sections if not section.table.rows)
    wrong = [section.summary for section in full if section.summary]
    return SectionsTab(head, title, " · ".join(wrong), full, missing)


def _summary(kind: ImportKind, rows: Sequence[Record], today: date, has_more: bool) -> str:
    derived = DERIVED.get(kind.slug)
    if derived is None or not derived.wrong:
        return ""
    wrong = sum(derived.of(row.values, today).tone == "bad" for row in rows)
    if not wrong:
        return ""
    many = speech.told("at least ") if has_more else ""
    return f"{many}{words.count(wrong, kind.singular, kind.title.lower())} {derived.wrong}"


def matrix(rows: Sequence[Record]) -> tuple[RiskRow, ...]:
    """Open risks by likelihood (down) and impact (across), the gravest at the top right; nothing without any."""
    names: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        likelihood, impact = row.values.get("likelihood"), row.values.get("impact")
        if likelihood and impact and row.values.get("state") != "closed":
            names.setdefault((likelihood, impact), []).append(str(row.values.get("title") or row.key))
    if not names:
        return ()
    return tuple(
        RiskRow(likelihood, tuple(_square(names, likelihood, impact) for impact in range(1, FULL + 1)))
        for likelihood in range(FULL, 0, -1)
    )


def _square(names: Mapping[tuple[int, int], list[str]], likelihood: int, impact: int) -> Square:
    told = names.get((likelihood, impact), [])
    weight = likelihood * impact
    tone = "bad" if weight >= 15 else "warn" if weight >= 8 else "good"
    return Square(len(told), "; ".join(told), tone)


def grid(rows: Sequence[Record], names: Names) -> RaciGrid:
    """Activities down, people across, in the order of their first letter."""
    cells: dict[str, dict[str, list[str]]] = {}
    people: dict[str, None] = {}
    for row in rows:
        who = _who(row.values, names)
        people.setdefault(who)
        letters = cells.setdefault(str(row.values.get("activity") or row.key), {})
        letter = str(row.values.get("letter") or "")
        letters.setdefault(who, []).append(LETTERS.get(letter.lower(), letter[:1].upper()))
    return RaciGrid(
        tuple(people),
        tuple(
            RaciRow(activity, tuple("".join(sorted(letters.get(who, []))) for who in people))
            for activity, letters in cells.items()
        ),
    )


def _who(values: Mapping[str, Any], names: Names) -> str:
    for of, key in (("people", values.get("person")), (COLLEAGUES, values.get("colleague"))):
        if key:
            return names.get((of, str(key))) or str(key)
    return "–"
