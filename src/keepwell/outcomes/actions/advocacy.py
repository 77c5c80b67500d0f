"""Deeds on advocacy: ask somebody to speak for us, note the answer and what came of it, take each back."""

from datetime import date, datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from keepwell.access.actions import audit
from keepwell.access.actions import settings as company
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import within_reach
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, Stakeholder
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.outcomes.actions.telling import SOURCE
from keepwell.outcomes.queries import advocacy

LONGEST, TEXT, MOST_REST = 2000, 500, 1500


class Rests(Conflict):
    """The account was asked not long ago, or somebody does not want to be asked."""


def ask(
    *,
    account: str,
    person: str,
    kind: str,
    on: date,
    by: Scope,
    at: datetime,
    for_whom: str = "",
    note: str = "",
    anyway: bool = False,
) -> int:
    """Note that somebody was asked; within the rest period only `anyway`, with the reason in the note. Gives its number.

    Whoever said "never" is not asked again, whatever the reason.
    """
    by.require("work.do")
    if kind not in advocacy.KIND_SLUGS:
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.',
            said=kind[:20],
            listed=", ".join(advocacy.KIND_SLUGS),
        )
    if within_reach(on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was.", day=on.isoformat())
    with transaction.atomic():
        row = accounts.visible(seen_by=by).select_for_update(of=("self",)).filter(key=account).first()
        if row is None:
            raise NotFound('There is no account "%(key)s".', key=account)
        who = Stakeholder.objects.filter(account=row, person__key=person, status="active").first()
        if who is None:
            raise Invalid(
                '%(account)s has nobody with the key "%(key)s".', account=row.name or row.key, key=person
            )
        _refuse(row, who, on, anyway=anyway and bool(note.strip()))
        made = models.AdvocateAsk.objects.create(
            account=row, person_id=who.person_id, kind=kind, for_whom=for_whom.strip()[:300],
            note=note.strip()[:LONGEST], asked_on=on, at=at, by_id=by.user_id,
        )  # fmt: skip
        _tell(made, "advocacy.asked", by, at, on=on)
    return made.pk


def _refuse(account: Account, who: Stakeholder, on: date, *, anyway: bool) -> None:
    past = models.AdvocateAsk.objects.filter(account=account).order_by("asked_on")
    if past.filter(person=who.person_id, answer__answer="never").exists():
        raise Rests("This person does not want to be asked again.")
    if anyway:
        return
    if past.filter(person=who.person_id, answer=None).exists():
        raise Rests("This person was asked already and has not answered yet.")
    later = past.filter(person=who.person_id, answer__again_on__gt=on).values_list(
        "answer__again_on", flat=True
    )
    if (again := later.first()) is not None:
        raise Rests("This person wants to be asked from %(day)s on.", day=again.isoformat())
    last = past.filter(asked_on__lte=on).values_list("asked_on", flat=True).last()
    if last is not None and (on - last).days < advocacy.rest_days():
        raise Rests(
            "This account was asked on %(day)s and rests for %(days)s days. Say in the note why it is asked all the same.",
            day=last.isoformat(), days=advocacy.rest_days(),
        )  # fmt: skip


def answer(
    *,
    ask_id: int,
    answer: str,
    on: date,
    by: Scope,
    at: datetime,
    again_on: date | None = None,
    note: str = "",
) -> None:
    """Note what was answered; "later" may name the day from which on they want to be asked."""
    by.require("work.do")
    if answer not in advocacy.ANSWER_SLUGS:
        raise Invalid(
            '"%(said)s" is not known. Use one of %(listed)s.',
            said=answer[:20],
            listed=", ".join(advocacy.ANSWER_SLUGS),
        )
    if again_on is not None and (answer != "later" or again_on <= on):
        raise Invalid('Only "later" names a day from which on to ask, and it lies after the answer.')
    with transaction.atomic():
        row = _one(ask_id, by)
        _in_time(row, on, at)
        try:
            with transaction.atomic():
                models.AdvocateAnswer.objects.create(
                    ask=row, answer=answer, on=on, again_on=again_on, note=note.strip()[:LONGEST], at=at, by_id=by.user_id,
                )  # fmt: skip
        except IntegrityError:
            raise Conflict("The answer is noted already. Take it back first.") from None
        _tell(row, "advocacy.answered", by, at, on=on, answer=answer)


def note_outcome(*, ask_id: int, text: str, on: date, by: Scope, at: datetime, link: str = "") -> None:
    """Note what came of it: only of what they said yes to."""
    by.require("work.do")
    said, link = text.strip(), link.strip()
    if not said or len(said) > TEXT:
        raise Invalid("Say it in 1 to %(most)s characters.", most=TEXT)
    if (link and not link.startswith(("https://", "http://"))) or len(link) > TEXT:
        raise Invalid('"%(link)s" is no address. It begins with https://.', link=link[:80])
    with transaction.atomic():
        row = _one(ask_id, by)
        _in_time(row, on, at)
        if not models.AdvocateAnswer.objects.filter(ask=row, answer="yes").exists():
            raise Conflict("Nothing can come of it before they said yes.")
        try:
            with transaction.atomic():
                models.AdvocateOutcome.objects.create(
                    ask=row, text=said, link=link, on=on, at=at, by_id=by.user_id
                )
        except IntegrityError:
            raise Conflict("What came of it is noted already. Take it back first.") from None
        _tell(row, "advocacy.came", by, at, on=on, text=said)


def take_back(*, ask_id: int, by: Scope, at: datetime) -> str:
    """Take back what was noted last: what came of it, else the answer, else the ask itself. Gives which."""
    by.require("work.do")
    with transaction.atomic():
        row = _one(ask_id, by)
        what = "ask"
        if models.AdvocateOutcome.objects.filter(ask=row).delete()[0]:
            what = "outcome"
        elif models.AdvocateAnswer.objects.filter(ask=row).delete()[0]:
            what = "answer"
        _tell(row, "advocacy.withdrawn", by, at, what=what)
        if what == "ask":
            models.AdvocateAsk.objects.filter(pk=row.pk).delete()
    return what


def rest(*, days: int, by: Scope, at: datetime) -> None:
    """Say for how long an account that was asked is not asked again."""
    if isinstance(days, bool) or not 0 <= days <= MOST_REST:
        raise Invalid("Name a number of days from 0 to %(most)s.", most=MOST_REST)
    company.put(key=advocacy.KEY, value=days, by=by, at=at)


def _one(ask_id: int, by: Scope) -> models.AdvocateAsk:
    rows = models.AdvocateAsk.objects.select_for_update(of=("self",)).select_related("account", "person")
    row = rows.filter(pk=ask_id, account__in=accounts.visible(seen_by=by).values("pk")).first()
    if row is None:
        raise NotFound("There is no ask %(number)s.", number=ask_id)
    return row


def _in_time(row: models.AdvocateAsk, on: date, at: datetime) -> None:
    if not row.asked_on <= on <= at.date():
        raise Invalid(
            "Name a day from %(first)s to %(last)s.",
            first=row.asked_on.isoformat(),
            last=at.date().isoformat(),
        )


def _tell(
    row: models.AdvocateAsk, name: str, by: Scope, at: datetime, *, on: date | None = None, **props: Any
) -> None:
    told = {"ask": row.pk, **props, **({"on": on.isoformat()} if on else {})}
    said = Event(
        id=f"~ask:{row.pk}:{name}:{at.isoformat()}",
        account=row.account.key,
        person=row.person.key if row.person else "",
        name=name,
        feature=row.kind,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode(told).decode(),
    )
    events.append(events=[said], received_at=at)
    audit.record(by=by, at=at, deed=name, subject=f"account:{row.account.key}", ask=row.pk, kind=row.kind)
