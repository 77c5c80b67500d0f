"""What there is of an account's case study: the draft, words of theirs and who permitted them, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.kernel.moments import day_of
from keepwell.ledger.models import Account, SurveyAnswer
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, visibility
from keepwell.outcomes.formulas import publishing
from keepwell.outcomes.formulas.publishing import Ready
from keepwell.outcomes.queries.shared_case import SharedCase

MOST = 30
NEEDED, WANTED = publishing.NEEDED, publishing.WANTED


@dataclass(frozen=True)
class QuoteView:
    """Words of one of theirs; `permitted_on` None: nobody said that they may be used."""

    id: int
    name: str
    text: str
    source: str
    said_on: date
    permitted_on: date | None
    evidence: str
    labels: Mapping[str, str]

    @property
    def shared(self) -> tuple[str, str] | None:
        """Text and name ("" where that is not to be told) as they may stand in public; None where they may not."""
        said = visibility.shared(
            "quote", self.labels, {"text": self.text, "name": self.name, "evidence": self.evidence}
        )
        if said is None or self.permitted_on is None:
            return None
        return said["text"], said.get("name", "")


@dataclass(frozen=True)
class Words:
    """Something that one of theirs said, and that may be kept as a quote once they permit it."""

    source: str
    origin: int
    person: str
    name: str
    text: str
    said_on: date


@dataclass(frozen=True)
class StudyView:
    """The draft, if there is one, with what is known about it."""

    account_key: str
    account_name: str
    industry: str
    text: str
    former: str
    drafted: str
    drafted_at: datetime | None
    changed_at: datetime | None
    published_on: date | None
    link: str
    has_consent: bool
    quotes: tuple[QuoteView, ...]
    words: tuple[Words, ...]

    @property
    def permitted(self) -> tuple[tuple[str, str], ...]:
        """Text and name of the quotes that may be used."""
        return tuple(said for one in self.quotes if (said := one.shared) is not None)

    @property
    def unpermitted(self) -> tuple[str, ...]:
        """Words that may not be used: quotes without permission, and answers that were never made one."""
        kept = {text for text, _ in self.permitted}
        said = [*(one.text for one in self.quotes), *(one.text for one in self.words)]
        return tuple(text for text in said if text not in kept)


def find(*, account: str, seen_by: Scope) -> StudyView:
    """An account's case study, begun or not. Seven queries."""
    row = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if row is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    study = models.CaseStudy.objects.filter(account=row).first()
    out = None if study is None else models.CaseStudyPublication.objects.filter(study=study).first()
    quotes = models.CustomerQuote.objects.filter(account=row).order_by("-said_on", "-pk")
    found = list(quotes)
    taken = {(one.source, one.origin) for one in found}
    return StudyView(
        account_key=row.key,
        account_name=row.name or row.key,
        industry=row.industry,
        text=study.text if study else "",
        former=study.former if study else "",
        drafted=study.drafted if study else "",
        drafted_at=study.drafted_at if study else None,
        changed_at=study.changed_at if study else None,
        published_on=out.on if out else None,
        link=out.link if out else "",
        has_consent=_consent(row),
        quotes=tuple(_quote(one) for one in found),
        words=tuple(one for one in _words(row) if (one.source, one.origin) not in taken),
    )


def ready(study: StudyView, case: SharedCase, *, drafted: str) -> Ready:
    """What the draft is judged by; `drafted` is what would be drafted from today's facts. No query."""
    return Ready(
        text=study.text,
        has_consent=study.has_consent,
        has_value=bool(case.totals.confirmed.count),
        has_reached=bool(case.reached),
        permitted=[text for text, _ in study.permitted],
        unpermitted=study.unpermitted,
        is_stale=bool(study.drafted) and study.drafted != drafted,
    )


def missing(study: StudyView, case: SharedCase) -> tuple[str, ...]:
    """What is needed before it may be published, by slug. No query."""
    return publishing.missing(ready(study, case, drafted=study.drafted))


def advice(study: StudyView, case: SharedCase, *, drafted: str) -> tuple[str, ...]:
    """What would make it better, by slug. No query."""
    return publishing.advice(ready(study, case, drafted=drafted))


def gaps(study: StudyView) -> tuple[str, ...]:
    """The places of the text that are still to be filled. No query."""
    return publishing.gaps(study.text)


def _consent(row: Account) -> bool:
    """Whether the last answer to an ask for a case study was yes."""
    asks = models.AdvocateAsk.objects.filter(account=row, kind="case_study", answer__isnull=False)
    last = asks.order_by("-answer__on", "-pk").values_list("answer__answer", flat=True).first()
    return last == "yes"


def _quote(row: models.CustomerQuote) -> QuoteView:
    return QuoteView(
        row.pk, row.name, row.text, row.source, row.said_on, row.permitted_on, row.evidence, row.labels
    )


def _words(row: Account) -> list[Words]:
    """What they wrote in surveys, answered to asks, and said as they confirmed a value; the latest of each."""
    surveys = SurveyAnswer.objects.filter(account=row).exclude(comment="").select_related("person")
    asks = models.AdvocateAnswer.objects.filter(ask__account=row, answer="yes").exclude(note="")
    values: Any = models.ValueConfirmation.objects.filter(statement__model__plan__account=row).exclude(
        words=""
    )
    found = [
        _said("survey", one.pk, one.person, "", one.comment, day_of(one.answered_at))
        for one in surveys.order_by("-answered_at")[:MOST]
    ]
    found += [
        _said("ask", one.pk, one.ask.person, "", one.note, one.on)
        for one in asks.select_related("ask__person").order_by("-on")[:MOST]
    ]
    found += [
        _said("value", one.pk, one.person, one.name, one.words, one.on)
        for one in values.select_related("person").order_by("-on")[:MOST]
    ]
    return found


def _said(source: str, origin: int, person: Any, name: str, text: str, on: date) -> Words:
    key = person.key if person else ""
    return Words(source, origin, key, name or (person.name if person else "") or key, text, on)
