"""What breaks if somebody leaves today: of each account of which they are the CSM, what nobody else knows or would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Note, Ownership, Touchpoint
from keepwell.ledger.queries import accounts
from keepwell.plays import models

LATELY = timedelta(days=90)
CSM = "csm"


@dataclass(frozen=True)
class ContinuityRow:
    """An account: how many others of ours have a role for it, what of it is open, and what is known only in one head.

    `threads` are how many of the customer's people were in a conversation of 90 days; `written` whether any of these, or a
    note, says what was spoken; None where nobody spoke with them, so that there is nothing to write down.
    """

    key: str
    name: str
    arr: Money | None
    others: int
    tasks: int
    incidents: int
    runs: int
    threads: int
    written: bool | None
    meetings: int

    @property
    def breaks(self) -> tuple[str, ...]:
        """What would break, by name."""
        found = {
            "alone": not self.others,
            "tasks": bool(self.tasks),
            "incidents": bool(self.incidents),
            "single_thread": self.threads < 2,
            "unwritten": self.written is False,
            "meetings": bool(self.meetings),
        }
        return tuple(name for name, holds in found.items() if holds)


@dataclass(frozen=True)
class Continuity:
    """The check of one person."""

    user_id: int
    name: str
    email: str
    rows: tuple[ContinuityRow, ...]

    def count(self, name: str) -> int:
        """Of how many accounts that breaks."""
        return sum(name in row.breaks for row in self.rows)


def csms(*, seen_by: Scope) -> tuple[tuple[int, str, int], ...]:
    """Who is the CSM of accounts that the asker may see: number, name, how many. Two queries."""
    rows = Ownership.objects.filter(role=CSM, until=None, account__in=_present(seen_by))
    counted = dict(rows.values_list("user").annotate(n=Count("pk")))
    people = User.objects.filter(pk__in=counted).order_by("name", "email")
    return tuple((user.pk, str(user), counted[user.pk]) for user in people)


def check(*, user_id: int, seen_by: Scope, now: datetime) -> Continuity:
    """What breaks if they leave today, of the accounts that the asker may see, the largest first. Nine queries."""
    user = User.objects.filter(pk=user_id).first()
    owned = Ownership.objects.filter(user=user_id, role=CSM, until=None).values("account")
    rows = list(_present(seen_by).filter(pk__in=owned).order_by("-arr_reporting", "pk"))
    if user is None or (not rows and seen_by.user_id != user_id and not seen_by.everything):
        raise errors.NotFound("There is nobody like that whose accounts you may see.")
    ids = [row.pk for row in rows]
    others = _counted(
        Ownership.objects.filter(account__in=ids, until=None)
        .exclude(user=user_id)
        .values_list("account", "user")
        .distinct()
    )
    tasks = _counted(
        models.Task.objects.filter(account__in=ids, assignee=user_id, completion=None).values_list(
            "account", "pk"
        )
    )
    burning = _counted(
        models.Incident.objects.filter(account__in=ids, open=True).values_list("account", "pk")
    )
    running = _counted(models.Run.objects.filter(account__in=ids, open=True).values_list("account", "pk"))
    ahead = _counted(
        Touchpoint.objects.filter(account__in=ids, declined=False, held_at__gte=now).values_list(
            "account", "pk"
        )
    )
    threads, written = _known(ids, now)
    return Continuity(
        user_id,
        str(user),
        user.email,
        tuple(
            ContinuityRow(
                key=row.key,
                name=row.name or row.key,
                arr=accounts.arr_reporting(row),
                others=others.get(row.pk, 0),
                tasks=tasks.get(row.pk, 0),
                incidents=burning.get(row.pk, 0),
                runs=running.get(row.pk, 0),
                threads=len(threads.get(row.pk, ())),
                written=written.get(row.pk),
                meetings=ahead.get(row.pk, 0),
            )
            for row in rows
        ),
    )


def _present(seen_by: Scope) -> "QuerySet[Account]":
    return accounts.visible(seen_by=seen_by).filter(former=False, merged_into=None)


def _counted(pairs: object) -> dict[int, int]:
    found: dict[int, int] = {}
    for account, _ in pairs:  # type: ignore[attr-defined] # pairs of a query
        found[account] = found.get(account, 0) + 1
    return found


def _known(ids: Sequence[int], now: datetime) -> tuple[dict[int, set[str]], dict[int, bool]]:
    """Who of theirs was in a conversation lately, and whether anything of it was written down. Two queries."""
    rows = Touchpoint.objects.filter(
        account__in=ids, declined=False, held_at__gte=now - LATELY, held_at__lt=now
    )
    threads: dict[int, set[str]] = {}
    written: dict[int, bool] = {}
    for account, attended, notes, next_step in rows.values_list("account", "attended", "notes", "next_step"):
        threads.setdefault(account, set()).update(attended)
        written[account] = written.get(account, False) or bool(notes.strip() or next_step.strip())
    noted = Note.objects.filter(account__in=ids, written_at__gte=now - LATELY).values_list(
        "account", flat=True
    )
    for account in noted:
        if account in written:
            written[account] = True
    return threads, written
