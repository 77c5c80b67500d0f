"""What the page of a case study says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keepwell.faces.case_studying import Studied
from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.queries.case_studies import NEEDED, WANTED, QuoteView, Words

SOURCES: Mapping[str, str] = {
    "survey": speech.later("Answer to a survey"),
    "ask": speech.later("Answer to an ask"),
    "value": speech.later("Confirmation of value"),
    "said": speech.later("Said to us"),
}


@dataclass(frozen=True)
class QuoteRow:
    """Words that were kept, and whether they may be used."""

    id: int
    text: str
    name: str
    more: str
    state: str
    tone: str


@dataclass(frozen=True)
class WordsRow:
    """Words that may be kept; `id` tells its fields from those of others on the page."""

    id: str
    source: str
    origin: int
    who: str
    name: str
    text: str
    said_on: str
    more: str


@dataclass(frozen=True)
class CaseStudyPage:
    """The whole page."""

    key: str
    name: str
    state: str
    text: str
    changed_at: str
    has_draft: bool
    has_former: bool
    is_published: bool
    link: str
    missing: tuple[str, ...]
    advice: tuple[str, ...]
    gaps: tuple[str, ...]
    quotes: tuple[QuoteRow, ...]
    words: tuple[WordsRow, ...]
    blank: WordsRow
    today: str
    may_write: bool
    refused: str


def page(
    found: Studied, *, today: date, may_write: bool, typed: str = "", refused: str = ""
) -> CaseStudyPage:
    """From what is known; `typed` is a text that was not taken."""
    study = found.study
    return CaseStudyPage(
        key=study.account_key,
        name=study.account_name,
        state=_state(found),
        text=typed or study.text,
        changed_at="" if study.changed_at is None else study.changed_at.isoformat(),
        has_draft=bool(study.text),
        has_former=bool(study.former),
        is_published=study.published_on is not None,
        link=study.link,
        missing=tuple(speech.said(NEEDED[slug]) for slug in found.missing),
        advice=tuple(speech.said(WANTED[slug]) for slug in found.advice),
        gaps=found.gaps,
        quotes=tuple(_quote(one) for one in study.quotes),
        words=tuple(_words(one, today) for one in study.words),
        blank=WordsRow("new", "said", 0, "", "", "", today.isoformat(), ""),
        today=today.isoformat(),
        may_write=may_write,
        refused=refused,
    )


def _state(found: Studied) -> str:
    study = found.study
    if study.published_on is not None:
        return speech.told("Published on %(day)s.", day=date_said(study.published_on, long=True))
    if not study.text:
        return speech.told("Nothing is drafted yet.")
    if found.missing:
        return speech.counted(
            len(found.missing), "A draft. %(n)s thing is missing before it can be published.",
            "A draft. %(n)s things are missing before it can be published.", n=len(found.missing),
        )  # fmt: skip
    return speech.told("A draft. Nothing is missing; it can be published.")


def _quote(one: QuoteView) -> QuoteRow:
    said = [speech.said(SOURCES[one.source]), date_said(one.said_on, long=True)]
    if one.evidence:
        said.append(one.evidence)
    if one.shared is not None:
        state, tone = speech.told("May be used"), "good"
        if not one.shared[1]:
            state = speech.told("May be used without the name")
    elif one.permitted_on is None:
        state, tone = speech.told("Nobody permitted it yet"), "unknown"
    else:
        state, tone = speech.told("Internal"), "unknown"
    return QuoteRow(one.id, one.text, one.name, " · ".join(said), state, tone)


def _words(one: Words, today: date) -> WordsRow:
    more = f"{speech.said(SOURCES[one.source])} · {words.day(one.said_on, today=today)}"
    return WordsRow(
        id=f"{one.source}-{one.origin}", source=one.source, origin=one.origin, who=one.person or one.name, name=one.name,
        text=one.text, said_on=one.said_on.isoformat(), more=more,
    )  # fmt: skip
