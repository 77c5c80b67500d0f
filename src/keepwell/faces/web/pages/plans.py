"""What the list of plans says, and the form of a first draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option
from keepwell.faces.web.pages.books import Sieve, sieve
from keepwell.faces.web.pages.plan_pieces import CADENCES
from keepwell.kernel import speech
from keepwell.outcomes import pieces
from keepwell.outcomes.actions import files
from keepwell.outcomes.queries.book import PlanRow
from keepwell.outcomes.queries.columns import STATES
from keepwell.outcomes.queries.templates import TemplateView

TONES = {"stale": "warn", "draft": "unknown", "none": "unknown", "agreed": "good"}


@dataclass(frozen=True)
class PlanLine:
    """An account in the list."""

    name: str
    href: str
    state: str
    tone: str
    outcomes: str
    overdue: str
    version: str
    confirmed: DayMark | None
    renewal: DayMark | None
    arr: str
    owner: str


@dataclass(frozen=True)
class PlansPage:
    """The plans of a book."""

    state: str
    sieve: Sieve
    rows: tuple[PlanLine, ...]
    may_work: bool


@dataclass(frozen=True)
class PlansFilePage:
    """What became of a file of plans; nothing yet when it was not sent."""

    columns: str
    counts: str
    rejected: tuple[files.Verdict, ...]
    refused: str


@dataclass(frozen=True)
class AimField:
    """One of the three outcomes of a first draft, as typed."""

    number: int
    outcome: str
    target: str
    until: str
    metrics: tuple[Option, ...]


@dataclass(frozen=True)
class StartPage:
    """The form of a first draft, and what else one may begin from."""

    key: str
    name: str
    vision: str
    aims: tuple[AimField, ...]
    cadences: tuple[Option, ...]
    templates: tuple[TemplateView, ...]
    past: tuple[tuple[str, str], ...]
    card: str
    refused: str


def file(verdicts: Sequence[files.Verdict], refused: str) -> PlansFilePage:
    """The form of a file, and what became of the last one."""
    return PlansFilePage(
        columns=", ".join(pieces.COLUMNS),
        counts=words.outcomes(one.outcome for one in verdicts),
        rejected=tuple(one for one in verdicts if one.outcome == "rejected"),
        refused=refused,
    )


def listing(
    rows: Sequence[PlanRow],
    tally: Mapping[str, int],
    *,
    asked: Mapping[str, str],
    offset: int,
    limit: int,
    today: date,
    may_work: bool,
) -> PlansPage:
    """The list, with its states as a choice."""
    agreed, whole = tally["agreed"], sum(tally.values())
    return PlansPage(
        state=speech.told(
            "%(agreed)s of %(whole)s have an agreed plan that is fresh; %(stale)s stale, %(none)s without any.",
            agreed=words.whole(agreed), whole=words.count(whole, "account"), stale=words.whole(tally["stale"]),
            none=words.whole(tally["none"]),
        ),
        sieve=sieve(
            "plans", states=STATES, tally=tally, asked=asked, offset=offset, limit=limit, found=len(rows)
        ),
        rows=tuple(_line(row, today) for row in rows[:limit]),
        may_work=may_work,
    )  # fmt: skip


def _line(row: PlanRow, today: date) -> PlanLine:
    outcomes = (
        speech.told("%(reached)s of %(all)s reached", reached=row.reached, all=row.objectives)
        if row.objectives
        else "–"
    )
    return PlanLine(
        name=row.name,
        href=reverse("account-plan", args=(row.key,)),
        state=speech.said(STATES[row.state]),
        tone=TONES[row.state],
        outcomes=outcomes,
        overdue=str(row.overdue) if row.overdue else "",
        version=str(row.version or ""),
        confirmed=DayMark.of(row.confirmed_at, today=today),
        renewal=DayMark.of(row.renewal_date, today=today),
        arr=words.short_money(row.arr) if row.arr else "–",
        owner=row.owner,
    )


def start(
    key: str,
    name: str,
    typed: Mapping[str, str],
    *,
    metrics: Sequence[tuple[str, str]],
    templates: Sequence[TemplateView],
    past: Sequence[tuple[str, str]],
    card: str,
    refused: str = "",
) -> StartPage:
    """The form with what is typed in it."""
    offered = (("", speech.told("None yet")), *metrics)
    aims = tuple(
        AimField(
            number,
            typed.get(f"outcome-{number}", ""),
            typed.get(f"target-{number}", ""),
            typed.get(f"until-{number}", ""),
            tuple(Option(slug, title, slug == typed.get(f"metric-{number}", "")) for slug, title in offered),
        )
        for number in (1, 2, 3)
    )
    cadence = typed.get("cadence", "monthly")
    return StartPage(
        key, name, typed.get("vision", ""), aims,
        tuple(Option(slug, speech.said(title), slug == cadence) for slug, title in CADENCES),
        tuple(templates), tuple(past), card, refused,
    )  # fmt: skip
