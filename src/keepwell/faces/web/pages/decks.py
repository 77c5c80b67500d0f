"""What the pages of deck runs and of the company's own paper say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.reviewing import Period
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.queries.deck_runs import DeckRunView
from keepwell.outcomes.queries.deck_templates import TemplateView

STATES = {
    "queued": speech.later("Waiting"),
    "running": speech.later("Under way"),
    "done": speech.later("Done"),
    "failed": speech.later("Stopped"),
}
FORMS = {"pptx": "PowerPoint", "pdf": "PDF"}
MOST_REFUSED = 50


@dataclass(frozen=True)
class DeckRunLine:
    """A run in the list."""

    href: str
    whose: str
    period: str
    form: str
    state: str
    decks: str
    asked: str


@dataclass(frozen=True)
class DecksPage:
    """The form, and the latest runs."""

    of: tuple[Option, ...]
    since: str
    until: str
    forms: tuple[Option, ...]
    paper: str
    may_change: bool
    runs: tuple[DeckRunLine, ...]
    refused: str


@dataclass(frozen=True)
class DeckRunPage:
    """One run; `far` says how far it is while it moves."""

    id: int
    whose: str
    state: str
    is_moving: bool
    done: int
    total: int
    far: str
    made: str
    size: str
    file: str
    error: str
    refused: tuple[tuple[str, str], ...]
    more_refused: str


@dataclass(frozen=True)
class DeckPaperPage:
    """The file that is in force."""

    name: str
    facts: tuple[tuple[str, str], ...]
    refused: str


def listing(
    runs: Sequence[DeckRunView],
    *,
    segments: Sequence[tuple[str, str]],
    usual: Sequence[tuple[str, Period]],
    paper: TemplateView | None,
    typed: Mapping[str, str],
    may_change: bool,
    now: datetime,
    refused: str,
) -> DecksPage:
    """The form with what is typed in it."""
    of, form = typed.get("of", "mine"), typed.get("form", "pptx")
    choices = [("mine", speech.told("Mine")), ("all", speech.told("All I see"))]
    choices += [(f"segment:{slug}", title) for slug, title in segments]
    period = usual[0][1]
    return DecksPage(
        of=tuple(Option(value, title, value == of) for value, title in choices),
        since=typed.get("since", period.since.isoformat()),
        until=typed.get("until", period.until.isoformat()),
        forms=tuple(Option(value, title, value == form) for value, title in FORMS.items()),
        paper="" if paper is None else paper.name,
        may_change=may_change,
        runs=tuple(_line(run, now) for run in runs),
        refused=refused,
    )


def _line(run: DeckRunView, now: datetime) -> DeckRunLine:
    return DeckRunLine(
        href=reverse("deck-run", args=(run.id,)),
        whose=run.whose,
        period=f"{date_said(run.since)} – {date_said(run.until)}",
        form=FORMS[run.form],
        state=speech.said(STATES[run.state]),
        decks=speech.told("%(done)s of %(of)s", done=words.whole(run.done), of=words.whole(run.total)),
        asked=words.moment(run.asked_at, today=words.local_day(now)),
    )


def one(run: DeckRunView, *, now: datetime) -> DeckRunPage:
    """One run."""
    made = run.done - len(run.refused)
    return DeckRunPage(
        id=run.id,
        whose=run.whose,
        state=speech.told(
            "%(form)s of %(since)s to %(until)s, asked %(when)s.",
            form=FORMS[run.form], since=date_said(run.since), until=date_said(run.until),
            when=words.moment(run.asked_at, today=words.local_day(now)),
        ),
        is_moving=run.is_moving,
        done=run.done,
        total=run.total,
        far=speech.told("%(done)s of %(of)s", done=words.whole(run.done), of=words.count(run.total, "account")),
        made=words.count(made, "deck"),
        size="" if run.size is None else f"{run.size / 1_000_000:.1f} MB",
        file=reverse("deck-run-file", args=(run.id,)) if run.place else "",
        error=run.error,
        refused=run.refused[:MOST_REFUSED],
        more_refused=words.whole(len(run.refused) - MOST_REFUSED) if len(run.refused) > MOST_REFUSED else "",
    )  # fmt: skip


def paper(found: TemplateView | None, *, now: datetime, refused: str = "") -> DeckPaperPage:
    """What decks are made on."""
    if found is None:
        return DeckPaperPage("", (), refused)
    cover, page = (*found.layouts, "", "")[:2]
    facts = (
        (speech.told("Layout of the cover"), cover),
        (speech.told("Layout of the pages"), page),
        (speech.told("Since"), words.moment(found.added_at, today=words.local_day(now))),
        (speech.told("By"), found.added_by),
    )
    return DeckPaperPage(found.name, tuple((label, said) for label, said in facts if said), refused)
