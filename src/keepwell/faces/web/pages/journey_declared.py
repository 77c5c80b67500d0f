"""What the page of what is declared of journeys says: first value, the criteria of each phase, the form."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.pages import journey_forms, journey_previews
from keepwell.faces.web.pages.journey_forms import JourneyForm, Typed
from keepwell.faces.web.pages.journey_previews import JourneyPreviewPart
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions import words as conditions
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.outcomes.journey import Criteria, FirstValue
from keepwell.outcomes.queries.journey_preview import JourneyPreview
from keepwell.outcomes.queries.journeys import JourneyDeclarationView, Phases


@dataclass(frozen=True)
class DeclaredJourneyPage:
    """What is declared, what was before, and the form; `is_typing`: somebody fills it in; `preview`: what that would say."""

    since: str
    first_value: str
    phases: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    before: tuple[str, ...]
    typed: str
    is_declared: bool
    may_change: bool
    rests: int
    rest_said: str
    refused: str
    here: str
    form: JourneyForm | None
    is_typing: bool
    names: tuple[str, ...]
    preview: JourneyPreviewPart | None


def declared(
    found: Sequence[JourneyDeclarationView],
    known: Phases,
    *,
    metrics: Mapping[str, str],
    day_metrics: Sequence[tuple[str, str]],
    vocabulary: Vocabulary,
    may_change: bool,
    rest_days: int,
    today: date,
    typed: str = "",
    refused: str = "",
    form: Typed | None = None,
    problems: Mapping[str, Invalid] | None = None,
    names: Sequence[str] = (),
    preview: JourneyPreview | None = None,
) -> DeclaredJourneyPage:
    """The page."""
    now = found[0]
    since = speech.told("As usual: nobody declared it")
    if now.declared_at is not None:
        since = speech.told(
            "Declared %(day)s", day=words.day(words.local_day(now.declared_at), today=today, dated=True)
        )
    return DeclaredJourneyPage(
        since=since,
        first_value=_first_value(now.journey.first_value, metrics),
        phases=tuple(
            (known.title(one.slug), _days(one), _lines(one, vocabulary)) for one in now.journey.phases
        ),
        before=tuple(_before(one, today) for one in found[1:]),
        typed=typed or json.dumps(now.journey.written, indent=2, ensure_ascii=False),
        is_declared=now.declared_at is not None,
        may_change=may_change,
        rests=rest_days,
        rest_said=speech.told(
            "An account that was asked rests for %(days)s.", days=words.count(rest_days, "day")
        ),
        refused=refused,
        here=reverse("settings-journey"),
        form=None
        if not may_change
        else journey_forms.form(
            form or journey_forms.of(now.journey),
            known,
            words=vocabulary,
            metrics=day_metrics,
            problems=problems or {},
        ),
        is_typing=form is not None,
        names=tuple(names),
        preview=None if preview is None else journey_previews.part(preview),
    )


def _first_value(one: FirstValue, metrics: Mapping[str, str]) -> str:
    if one.milestone:
        return speech.told(
            'A customer has its first value once the milestone "%(name)s" is done; it is to be there within %(weeks)s weeks.',
            name=one.milestone, weeks=one.weeks,
        )  # fmt: skip
    return speech.told(
        'The measure "%(name)s" tells the days until a customer has its first value; it is to be there within %(weeks)s weeks.',
        name=metrics.get(one.metric, one.metric), weeks=one.weeks,
    )  # fmt: skip


def _days(one: Criteria) -> str:
    if one.expected_days is None:
        return speech.told("It takes as long as it takes.")
    return speech.told("Expected to take %(days)s.", days=words.count(one.expected_days, "day"))


def _lines(one: Criteria, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    told = (
        (speech.told("Begins when"), one.entry, one.entry_when),
        (speech.told("Ends when"), one.exit, one.exit_when),
    )
    found = []
    for title, said, when in told:
        asked = "" if when is None else conditions.words(tree.read(when, vocabulary))
        if said or asked:
            found.append((title, f"{said} ({asked})" if said and asked else said or asked))
    return tuple(found)


def _before(one: JourneyDeclarationView, today: date) -> str:
    day = (
        ""
        if one.declared_at is None
        else words.day(words.local_day(one.declared_at), today=today, dated=True)
    )
    return speech.told("%(day)s by %(who)s", day=day, who=one.declared_by or "Keepwell")
