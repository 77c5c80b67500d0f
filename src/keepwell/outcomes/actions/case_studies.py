"""Deeds on case studies: drafted, written, published; words of theirs kept, permitted, dropped."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import within_reach
from keepwell.ledger.models import Account, Stakeholder
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, visibility
from keepwell.outcomes.actions.telling import tell_account
from keepwell.outcomes.formulas import publishing
from keepwell.outcomes.models.case_studies import QUOTE_SOURCES
from keepwell.outcomes.queries import case_studies, shared_case

LONGEST, LONGEST_TEXT, SHORT = 5_000, 50_000, 500


@dataclass(frozen=True)
class Quote:
    """Words to keep: of whom (key of one of their people, or a name), said when, permitted when, and where that is seen."""

    text: str
    who: str
    said_on: date
    source: str = "said"
    origin: int | None = None
    permitted_on: date | None = None
    evidence: str = ""
    labels: dict[str, str] = field(default_factory=dict)


def draft(*, account: str, text: str, by: Scope, at: datetime) -> None:
    """Keep a text that was made of the account's facts; what stood there before can be put back."""
    by.require("work.do")
    told = _told(text)
    with transaction.atomic():
        row = _locked(account, by)
        before = models.CaseStudy.objects.filter(account=row).first()
        said = {"text": told, "drafted": told, "drafted_at": at, "changed_at": at, "by_id": by.user_id}
        if before is None:
            models.CaseStudy.objects.create(account=row, **said)
        else:
            models.CaseStudy.objects.filter(pk=before.pk).update(former=before.text, **said)
        tell_account(row, "case_study.drafted", by=by, at=at)


def write(*, account: str, text: str, by: Scope, at: datetime, seen: datetime | None = None) -> None:
    """Write the text anew; refuses one that changed since it was `seen`."""
    by.require("work.do")
    told = _told(text)
    with transaction.atomic():
        study = _study(_locked(account, by))
        if seen is not None and study.changed_at != seen:
            raise Conflict("Somebody changed the text since you looked at it. Look again, then save.")
        if told != study.text:
            models.CaseStudy.objects.filter(pk=study.pk).update(
                text=told, former=study.text, changed_at=at, by_id=by.user_id
            )


def put_back(*, account: str, by: Scope, at: datetime) -> None:
    """Let the text before this one stand again, and keep this one as the one before."""
    by.require("work.do")
    with transaction.atomic():
        study = _study(_locked(account, by))
        if not study.former:
            raise Conflict("There is no text before this one.")
        models.CaseStudy.objects.filter(pk=study.pk).update(
            text=study.former, former=study.text, changed_at=at, by_id=by.user_id
        )


def publish(*, account: str, on: date, by: Scope, at: datetime, link: str = "") -> None:
    """Note that it is out; refuses while something is missing that is needed, the customer's consent first."""
    by.require("work.do")
    if within_reach(on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was.", day=on.isoformat())
    where = link.strip()
    if (where and not where.startswith(("https://", "http://"))) or len(where) > SHORT:
        raise Invalid("Where it is published is an address that begins with https:// or http://.")
    with transaction.atomic():
        row = _locked(account, by)
        study = _study(row)
        case = shared_case.find(account=account, seen_by=by, day=at.date())
        lacks = case_studies.missing(case_studies.find(account=account, seen_by=by), case)
        if lacks:
            raise Conflict(
                "This cannot be published yet. Missing: %(what)s",
                what=" ".join(speech.said(publishing.NEEDED[slug]) for slug in lacks),
            )
        try:
            with transaction.atomic():
                models.CaseStudyPublication.objects.create(
                    study=study, on=on, link=where, at=at, by_id=by.user_id
                )
        except IntegrityError:
            raise Conflict("It is published already.") from None
        tell_account(row, "case_study.published", by=by, at=at, on=on.isoformat(), link=where)


def withdraw(*, account: str, by: Scope, at: datetime) -> None:
    """Note that it is not out after all."""
    by.require("work.do")
    with transaction.atomic():
        row = _locked(account, by)
        if not models.CaseStudyPublication.objects.filter(study__account=row).delete()[0]:
            raise Conflict("It is not published.")
        tell_account(row, "case_study.withdrawn", by=by, at=at)


def quote(*, account: str, quote: Quote, by: Scope, at: datetime) -> int:
    """Keep words of one of theirs. Gives their number."""
    by.require("work.do")
    text, who = quote.text.strip(), quote.who.strip()
    if not text or len(text) > LONGEST:
        raise Invalid("Say it in 1 to %(most)s characters.", most=LONGEST)
    if not who or len(who) > 300:
        raise Invalid("Say who of the customer’s said it, by key or by name.")
    if quote.source not in dict(QUOTE_SOURCES):
        listed = ", ".join(dict(QUOTE_SOURCES))
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.', said=quote.source[:20], listed=listed
        )
    for day in (quote.said_on, quote.permitted_on):
        if day is not None and within_reach(day) > at.date():
            raise Invalid("%(day)s is still to come. Name the day on which it was.", day=day.isoformat())
    with transaction.atomic():
        row = _locked(account, by)
        known = Stakeholder.objects.filter(account=row, person__key=who).select_related("person").first()
        made = models.CustomerQuote.objects.create(
            account=row, person=known.person if known else None,
            name=(known.person.name or who) if known else who, text=text, source=quote.source, origin=quote.origin,
            said_on=quote.said_on, permitted_on=quote.permitted_on, evidence=quote.evidence.strip()[:SHORT],
            labels=visibility.checked("quote", quote.labels), at=at, by_id=by.user_id,
        )  # fmt: skip
        tell_account(
            row, "quote.noted", by=by, at=at, apart=f":{made.pk}", quote=made.pk,
            permitted=quote.permitted_on is not None,
        )  # fmt: skip
    return made.pk


def unquote(*, account: str, quote_id: int, by: Scope, at: datetime) -> None:
    """Keep them no more."""
    by.require("work.do")
    with transaction.atomic():
        row = _locked(account, by)
        if not models.CustomerQuote.objects.filter(account=row, pk=quote_id).delete()[0]:
            raise NotFound("There is no quote %(number)s.", number=quote_id)
        tell_account(row, "quote.withdrawn", by=by, at=at, apart=f":{quote_id}", quote=quote_id)


def _locked(account: str, by: Scope) -> Account:
    rows: Any = accounts.visible(seen_by=by).select_for_update(of=("self",))
    row: Account | None = rows.filter(key=account, merged_into=None).first()
    if row is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    return row


def _study(row: Account) -> models.CaseStudy:
    study = models.CaseStudy.objects.filter(account=row).first()
    if study is None:
        raise NotFound("Nothing is drafted yet.")
    return study


def _told(text: str) -> str:
    told = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not told or len(told) > LONGEST_TEXT:
        raise Invalid("Say it in 1 to %(most)s characters.", most=LONGEST_TEXT)
    return told
