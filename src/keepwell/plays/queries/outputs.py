"""What phases are to leave behind: due, delivered, overdue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from keepwell.access.scopes import Scope
from keepwell.health.queries import portfolio
from keepwell.health.queries.portfolio import Whose
from keepwell.ledger.models import Account
from keepwell.plays import models
from keepwell.plays.formulas import keeping
from keepwell.plays.formulas.keeping import Due, Situation
from keepwell.plays.queries import cadences

How = Literal["due", "overdue", "done"]
HOW: tuple[How, ...] = ("overdue", "due", "done")
MOST_ACCOUNTS = 2000


@dataclass(frozen=True)
class OutputView:
    """An output of the phase in which an account is. `due` is None where nobody knows since when the phase is."""

    account_id: int
    account_key: str
    account_name: str
    phase: str
    phase_title: str
    since: date | None
    output: str
    title: str
    owner: tuple[str, ...]
    due: date | None
    how: How
    done_at: datetime | None
    done_by: str
    link: str
    note: str


def of_accounts(*, situations: Mapping[int, Situation], seen_by: Scope) -> tuple[OutputView, ...]:
    """The outputs of the phases of accounts, the soonest due first. Four queries."""
    said = cadences.in_force()
    mine = cadences.seen(account_ids=situations, seen_by=seen_by)
    asked = {pk: keeping.outputs(said, situations[pk]) for pk in mine}
    named = dict(_named([pk for pk, told in asked.items() if told]))
    done = _done(list(named))
    found = [
        _view(
            pk, named[pk], one, done.get((pk, one.phase.slug, one.since, one.output.slug)), situations[pk].day
        )
        for pk, told in asked.items()
        for one in told
    ]
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.account_name, one.title)))


def of_book(*, of: Whose, seen_by: Scope, day: date, how: str = "") -> tuple[tuple[OutputView, ...], bool]:
    """Those of a book in one state ("": not done), and whether its smallest accounts were left out. Some ten queries."""
    ids = portfolio.largest(of, limit=MOST_ACCOUNTS + 1)
    present = Account.objects.filter(pk__in=ids[:MOST_ACCOUNTS], former=False).values_list("pk", flat=True)
    at = cadences.situations(account_ids=list(present), bands={}, day=day)
    told = of_accounts(situations=at, seen_by=seen_by)
    wanted = {how} if how else {"due", "overdue"}
    return tuple(one for one in told if one.how in wanted), len(ids) > MOST_ACCOUNTS


def _named(ids: Collection[int]) -> list[tuple[int, tuple[str, str]]]:
    rows = Account.objects.filter(pk__in=ids).values_list("pk", "key", "name")
    return [(pk, (key, name or key)) for pk, key, name in rows]


def _done(ids: Collection[int]) -> dict[tuple[int, str, date | None, str], models.OutputDelivery]:
    rows = models.OutputDelivery.objects.filter(account__in=ids).select_related("by")
    return {(row.account_id, row.phase, row.since, row.output): row for row in rows}


def _view(
    account_id: int, named: tuple[str, str], one: Due, row: models.OutputDelivery | None, day: date
) -> OutputView:
    late = one.due is not None and one.due < day
    return OutputView(
        account_id=account_id,
        account_key=named[0],
        account_name=named[1],
        phase=one.phase.slug,
        phase_title=one.phase.title,
        since=one.since,
        output=one.output.slug,
        title=one.output.title,
        owner=one.output.owner or one.phase.owner,
        due=one.due,
        how="done" if row is not None else "overdue" if late else "due",
        done_at=None if row is None else row.at,
        done_by="" if row is None else str(row.by or ""),
        link="" if row is None else row.link,
        note="" if row is None else row.note,
    )
