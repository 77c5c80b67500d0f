"""The four ways in which triage settles tickets: an article, an office hour, a product gap, the PM."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger.actions import gap_requests
from keepwell.ledger.models import Ownership, ProductGap, Ticket
from keepwell.plays import models, triage
from keepwell.plays.actions import gaps, messages, notifications, office_hours
from keepwell.plays.actions import tasks as given
from keepwell.plays.actions.telling import SOURCE
from keepwell.plays.actions.triage import Done, chosen, request_key, settle
from keepwell.plays.queries import library

LETTER_WAITS = timedelta(minutes=1)  # so that undo comes in time


def answer(*, tickets: Collection[str], article: int, by: Scope, at: datetime, note: str = "") -> Done:
    """Answer with an article: the tickets are resolved, and who asked gets it as a letter a minute later."""
    found = library.find(article_id=article, seen_by=by)
    if found.visibility != "shared":
        raise errors.Conflict(
            '"%(title)s" is internal. Share the article first, then answer with it.', title=found.title
        )

    def finish(done: models.Triage, row: Ticket) -> Mapping[str, Any]:
        to = row.person.email if row.person else ""
        if not to:
            models.Triage.objects.filter(pk=done.pk).update(unwritten="no_address")
            done.unwritten = "no_address"
        else:
            number = messages.queue(
                step=None, account=row.account_id, kind="mail", key=f"triage-{done.pk}", recipient=to,
                subject=_re(row.subject or found.title), body=_letter(found, done.note), at=at + LETTER_WAITS,
            )  # fmt: skip
            models.Triage.objects.filter(pk=done.pk).update(answer=number)
        kind = row.kind if row.kind in triage.KINDS else "question"
        return {"kind": kind, "resolved_at": at}

    return settle(tickets=tickets, deed="article", by=by, at=at, finish=finish, note=note, article_id=article)


def _re(subject: str) -> str:
    return speech.told("Re: %(subject)s", subject=subject)[:500]


def _letter(article: library.ArticleView, note: str) -> str:
    return "\n\n".join(part for part in (note, article.title, article.body) if part)


def into_office_hour(*, tickets: Collection[str], by: Scope, at: datetime, note: str = "") -> Done:
    """Put them into the next office hour of their account, or of all accounts."""
    with transaction.atomic():
        rows = chosen(tickets, by)
        sessions = {
            account: office_hours.next_session(account_id=account, at=at)
            for account in {row.account_id for row in rows}
        }

        def finish(done: models.Triage, row: Ticket) -> Mapping[str, Any]:
            models.Triage.objects.filter(pk=done.pk).update(session=sessions[row.account_id])
            return {"kind": "training_request"}

        return settle(tickets=tickets, deed="office_hour", by=by, at=at, finish=finish, note=note)


def into_gap(
    *, tickets: Collection[str], by: Scope, at: datetime, gap: str = "", title: str = "", note: str = ""
) -> Done:
    """Merge them into a product gap by its key, or into a new one with a title; each becomes a request for it."""
    with transaction.atomic():
        chosen(tickets, by)
        row = gaps.meant(gap=gap, title=title, by=by, at=at)

        def finish(done: models.Triage, ticket: Ticket) -> Mapping[str, Any]:
            _ask(done, ticket, row, by, at)
            return {"kind": "product_gap"}

        return settle(tickets=tickets, deed="gap", by=by, at=at, finish=finish, note=note, gap=row)


def _ask(done: models.Triage, ticket: Ticket, gap: ProductGap, by: Scope, at: datetime) -> None:
    request: dict[str, Any] = {
        "key": request_key(done), "account": ticket.account.key, "gap": gap.key, "asked_at": ticket.opened_at,
        "person": ticket.person.key if ticket.person else ticket.fields.get("person"),
        "note": ticket.subject, "fields": {},
    }  # fmt: skip
    (verdict,) = gap_requests.upsert(rows=[request], source=SOURCE, by=by, at=at, vouched=False)
    if verdict.outcome == "rejected":
        raise errors.Invalid("%(reason)s", reason=verdict.reason)


def to_pm(*, tickets: Collection[str], by: Scope, at: datetime, to: str = "", note: str = "") -> Done:
    """Hand them to the account's PM, or to whom an address names; they are told."""

    def finish(done: models.Triage, row: Ticket) -> Mapping[str, Any]:
        whom = given.owner(to, account=row.account) if to.strip() else _pm(row)
        assert whom is not None
        models.Triage.objects.filter(pk=done.pk).update(to=whom)
        if whom.pk != by.user_id:
            notifications.tell(
                kind="assigned", user_ids=[whom.pk], key=f"triage:{done.pk}",
                what=f"{row.account.name}: {row.subject or row.key}", subject=f"account:{row.account.key}",
                account_id=row.account_id, at=at,
            )  # fmt: skip
        return {"assignee": whom.email}

    return settle(tickets=tickets, deed="pm", by=by, at=at, finish=finish, note=note)


def _pm(row: Ticket) -> User:
    found = Ownership.objects.filter(account=row.account_id, role="pm", until=None, user__is_active=True)
    pm = found.select_related("user").first()
    if pm is None:
        raise errors.Conflict(
            "%(account)s has no PM. Name one on its page under Organisation, or choose whom it goes to.",
            account=row.account.name,
        )
    return pm.user
