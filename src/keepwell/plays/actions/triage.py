"""Deeds on tickets before anybody works on them: what each is, and where it goes. All may be taken back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from keepwell.access.actions import audit, live
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.moments import day_of, parse_moment
from keepwell.ledger.actions import removals
from keepwell.ledger.actions import tickets as ledger
from keepwell.ledger.models import GapRequest, Ticket
from keepwell.ledger.queries import accounts
from keepwell.plays import models, triage
from keepwell.plays.actions.telling import SOURCE, tell

MOST_AT_ONCE = 500
NOTE_LENGTH = 10_000
ALONE = "kind"


@dataclass(frozen=True)
class Done:
    """What was triaged: the numbers that take it back, and of how many nobody could be written to."""

    ids: tuple[int, ...]
    unwritten: int = 0


Finish = Callable[[models.Triage, Ticket], Mapping[str, Any]]


def set_kind(*, tickets: Collection[str], kind: str, by: Scope, at: datetime) -> Done:
    """Say of what kind tickets are."""
    if kind not in triage.KINDS:
        raise errors.Invalid(
            '"%(kind)s" is no kind of ticket. Use one of %(listed)s.',
            kind=kind,
            listed=", ".join(triage.KINDS),
        )
    with transaction.atomic():
        rows = [row for row in chosen(tickets, by) if row.kind != kind]
        made = [models.Triage.objects.create(**_noted(row, ALONE, by, at), kind=kind) for row in rows]
        say(rows, lambda _: {"kind": kind}, by, at)
        _recorded(made, ALONE, by, at)
    return Done(tuple(row.pk for row in made))


def settle(
    *,
    tickets: Collection[str],
    deed: str,
    by: Scope,
    at: datetime,
    finish: Finish,
    note: str = "",
    **what: Any,
) -> Done:
    """Settle tickets in one way; `finish` does what belongs to one and gives what the ticket says from now on."""
    if len(note) > NOTE_LENGTH:
        raise errors.Invalid("A note has at most %(most)s characters.", most=NOTE_LENGTH)
    with transaction.atomic():
        rows = chosen(tickets, by)
        made = [_one(row, deed, by, at, note=note.strip(), **what) for row in rows]
        said = {row.key: finish(done, row) for done, row in zip(made, rows, strict=True)}
        say(rows, lambda row: said[row.key], by, at)
        for account in {row.account_id for row in rows}:
            begin_with_a_deed(account_id=account, by=by, at=at)
        for done, row in zip(made, rows, strict=True):
            tell(
                account=row.account.key,
                name="ticket.triaged",
                of="triage",
                number=done.pk,
                at=at,
                feature=deed,
            )
        _recorded(made, deed, by, at)
    return Done(tuple(row.pk for row in made), sum(bool(row.unwritten) for row in made))


def _one(row: Ticket, deed: str, by: Scope, at: datetime, **what: Any) -> models.Triage:
    try:
        with transaction.atomic():
            return models.Triage.objects.create(**_noted(row, deed, by, at), **what)
    except IntegrityError:
        raise errors.Conflict(
            'The ticket "%(ticket)s" was triaged already. Take that back first. Nothing was changed.',
            ticket=row.subject or row.key,
        ) from None


def undo(*, ids: Collection[int], by: Scope, at: datetime) -> tuple[int, int]:
    """Take triage back; gives how many, and of how many a letter had gone out already."""
    by.require("work.do")
    seen = accounts.visible(seen_by=by)
    gone = 0
    with transaction.atomic():
        here = models.Triage.objects.select_for_update(of=("self",)).select_related(
            "ticket__account", "session", "answer"
        )
        rows = list(here.filter(pk__in=ids, ticket__account__in=seen, undone_at=None).order_by("-pk"))
        if missing := sorted(set(ids) - {row.pk for row in rows}):
            raise errors.NotFound("There is no triage %(number)s to take back.", number=missing[0])
        for row in rows:
            gone += _undone(row, by, at)
        models.Triage.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=at)
        audit.record(by=by, at=at, deed="triage.undo", subject="tickets", triage=[row.pk for row in rows])
        live.announce("triage")
    return len(rows), gone


def _undone(row: models.Triage, by: Scope, at: datetime) -> int:
    """Take one back; 1 where its letter had gone out."""
    if row.session is not None and row.session.held_at is not None:
        raise errors.Conflict("Its office hour was held, so that its answer stands.")
    if row.deed == "gap":
        _unasked(row, by, at)
    gone = 0
    if row.answer is not None:
        withdrawn, _ = models.Message.objects.filter(pk=row.answer.pk, state="queued", tries=0).delete()
        gone = 0 if withdrawn else 1
    say([row.ticket], lambda _: _was(row), by, at)
    if row.deed != ALONE:
        tell(
            account=row.ticket.account.key, name="ticket.untriaged", of="triage", number=row.pk, at=at,
            feature=row.deed,
        )  # fmt: skip
    return gone


def _unasked(row: models.Triage, by: Scope, at: datetime) -> None:
    key = request_key(row)
    if models.GapTelling.objects.filter(request__key=key).exists():
        raise errors.Conflict("Who asked was told already that it is shipped, so that it stands.")
    removals.remove(GapRequest, keys=[key], by=by, at=at)


def request_key(row: models.Triage) -> str:
    """The key of the request for a gap that a ticket became."""
    return f"triage-{row.pk}"


def begin(*, account: str, began_on: date, pm_had_all: bool, by: Scope, at: datetime) -> None:
    """Say from which day on an account's tickets are triaged, and who had them before; said again, it holds from then on."""
    by.require("work.do")
    found = accounts.visible(seen_by=by).filter(key=account).first()
    if found is None:
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    if began_on > day_of(at):
        raise errors.Invalid("Triage begins today or began before, not on %(day)s.", day=began_on)
    with transaction.atomic():
        models.TriageStart.objects.update_or_create(
            account=found,
            defaults={
                "began_on": began_on, "pm_had_all": pm_had_all, "declared": True, "by_id": by.user_id, "at": at,
            },
        )  # fmt: skip
        audit.record(by=by, at=at, deed="triage.begin", subject=f"account:{account}", on=began_on.isoformat())


def begin_with_a_deed(*, account_id: int, by: Scope, at: datetime, pm_had_all: bool = False) -> None:
    """Triage has begun with the first deed, unless somebody said when."""
    models.TriageStart.objects.get_or_create(
        account_id=account_id,
        defaults={"began_on": day_of(at), "pm_had_all": pm_had_all, "by_id": by.user_id, "at": at},
    )


def chosen(keys: Collection[str], by: Scope) -> list[Ticket]:
    """The open tickets with these keys, locked; refuses what one may not see and what is resolved."""
    by.require("work.do")
    if not 0 < len(set(keys)) <= MOST_AT_ONCE:
        raise errors.Invalid("Choose 1 to %(most)s tickets, not %(n)s.", most=MOST_AT_ONCE, n=len(set(keys)))
    rows = list(
        Ticket.objects.select_for_update(of=("self",))
        .select_related("account", "person")
        .filter(key__in=set(keys), account__in=accounts.visible(seen_by=by))
        .order_by("opened_at", "pk")
    )
    if missing := sorted(set(keys) - {row.key for row in rows}):
        raise errors.NotFound('There is no ticket "%(ticket)s". Nothing was changed.', ticket=missing[0])
    for row in rows:
        if row.resolved_at is not None:
            raise errors.Conflict(
                'The ticket "%(ticket)s" is resolved. Nothing was changed.', ticket=row.subject or row.key
            )
    return rows


def say(rows: Sequence[Ticket], what: Callable[[Ticket], Mapping[str, Any]], by: Scope, at: datetime) -> None:
    """Let tickets say something else from now on; the ledger's events follow."""
    told = [{"key": row.key, **what(row)} for row in rows if what(row)]
    if told:
        verdicts = ledger.upsert(rows=told, source=SOURCE, by=by, at=at, vouched=False)
        for verdict in verdicts:
            if verdict.outcome == "rejected":
                raise errors.Invalid("%(reason)s", reason=verdict.reason)


def _noted(row: Ticket, deed: str, by: Scope, at: datetime) -> dict[str, Any]:
    was = {
        "kind": row.kind,
        "assignee": row.assignee,
        "resolved_at": None if row.resolved_at is None else row.resolved_at.isoformat(),
    }
    return {"ticket": row, "deed": deed, "was": was, "by_id": by.user_id, "at": at}


def _was(row: models.Triage) -> dict[str, Any]:
    resolved = row.was["resolved_at"]
    said = {"kind": row.was["kind"], "assignee": row.was["assignee"]}
    return {**said, "resolved_at": None if resolved is None else parse_moment(resolved)}


def _recorded(made: Sequence[models.Triage], deed: str, by: Scope, at: datetime) -> None:
    if made:
        audit.record(
            by=by, at=at, deed=f"triage.{deed}", subject="tickets", tickets=[row.ticket.key for row in made]
        )
        live.announce("triage")
