"""What the page of how incidents are answered says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages import practice_forms
from keepwell.faces.web.pages.practice_forms import PracticeForm, Typed
from keepwell.faces.web.pages.roles import role_title
from keepwell.faces.web.pages.war_room import CLOCKS, COUNTED
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.plays.practice import Clock, Practice
from keepwell.plays.queries.practices import PracticeView

LENGTHS = {"hours": "hour", "days": "day", "weeks": "week"}


@dataclass(frozen=True)
class PracticeRow:
    """One declaration in words."""

    title: str
    segment: str
    since: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PracticesPage:
    """All that is declared, and the form."""

    rows: tuple[PracticeRow, ...]
    segments: tuple[Option, ...]
    typed: str
    may_change: bool
    refused: str
    form: PracticeForm


def page(
    found: tuple[PracticeView, ...],
    *,
    segments: tuple[tuple[str, str], ...],
    segment: str,
    may_change: bool,
    today: date,
    typed: str = "",
    form: Typed | None = None,
    problems: Mapping[str, Invalid] | None = None,
    refused: str = "",
) -> PracticesPage:
    """The page; the form begins with what is in force for the segment, else for the company."""
    shown = next((one for one in found if one.segment == segment), found[0])
    return PracticesPage(
        rows=tuple(_row(one, today) for one in found),
        segments=tuple(
            Option(slug, title, slug == segment)
            for slug, title in (("", speech.told("All other accounts")), *segments)
        ),
        typed=typed or json.dumps(shown.practice.written, indent=2, ensure_ascii=False),
        may_change=may_change,
        refused=refused,
        form=practice_forms.form(form or practice_forms.of(shown.practice), problems or {}),
    )


def _row(one: PracticeView, today: date) -> PracticeRow:
    since = speech.told("As usual: nobody declared it")
    if one.declared_at is not None:
        since = speech.told(
            "Declared %(day)s", day=words.day(words.local_day(one.declared_at), today=today, dated=True)
        )
    return PracticeRow(
        one.title if one.segment else speech.told("All other accounts"),
        one.segment,
        since,
        _lines(one.practice),
    )


def _lines(said: Practice) -> tuple[tuple[str, str], ...]:
    clocks = [(speech.told(CLOCKS[kind]), _clock(clock)) for kind, clock in said.clocks.items()]
    path = [
        (
            speech.told("A clock runs out")
            if not step.after_hours
            else speech.told("%(span)s later", span=words.span(timedelta(hours=step.after_hours))),
            speech.told("tell %(who)s", who=_roles(step.tells)),
        )
        for step in said.path
    ]
    return (
        *clocks,
        (speech.told("Called"), _roles(said.called)),
        *path,
        (speech.told("Causes"), "; ".join(f"{said.cause(slug)}" for slug in said.causes)),
        (speech.told("The same incident again within"), words.count(said.reopen_days, "day")),
    )


def _clock(clock: Clock) -> str:
    return f"{words.count(clock.length, LENGTHS[clock.unit])}, {speech.told(COUNTED[clock.counts])}"


def _roles(roles: tuple[str, ...]) -> str:
    return words.listed([role_title(role) for role in roles])
