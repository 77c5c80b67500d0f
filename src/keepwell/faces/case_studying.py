"""The case study of an account as every face shows it: the draft, what is missing, what it would be drafted as today."""

from dataclasses import dataclass
from datetime import date, datetime

from keepwell.access.scopes import Scope
from keepwell.drafting import case_study
from keepwell.outcomes.actions import case_studies as deeds
from keepwell.outcomes.queries import case_studies, shared_case
from keepwell.outcomes.queries.case_studies import StudyView


@dataclass(frozen=True)
class Studied:
    """The draft with what is needed and what would make it better, by slug; `today` is what would be drafted now."""

    study: StudyView
    today: str
    missing: tuple[str, ...]
    advice: tuple[str, ...]
    gaps: tuple[str, ...]


def find(*, account: str, seen_by: Scope, day: date) -> Studied:
    """Some thirty queries, none of them of the lake."""
    study = case_studies.find(account=account, seen_by=seen_by)
    case = shared_case.find(account=account, seen_by=seen_by, day=day)
    today = case_study.text(case, study.permitted, industry=study.industry)
    return Studied(
        study,
        today,
        case_studies.missing(study, case),
        case_studies.advice(study, case, drafted=today),
        case_studies.gaps(study),
    )


def draft(*, account: str, by: Scope, at: datetime) -> None:
    """Draft it from the facts of the day."""
    found = find(account=account, seen_by=by, day=at.date())
    deeds.draft(account=account, text=found.today, by=by, at=at)


def paper(found: Studied, *, at: datetime) -> bytes:
    """The text as it stands, on paper."""
    study = found.study
    return case_study.pdf(study.account_name, study.text, draft=study.published_on is None, at=at)
