"""What this stage has waiting for a person: contracts that end soon, and meetings to prepare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source, Stake
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of, end_of
from keepwell.ledger import models
from keepwell.ledger.queries import accounts

HORIZON = timedelta(days=90)
SILENT_DAYS = 21
LAST_SECOND = timedelta(seconds=1)
BRIEF_LENGTH = 160


def stake(account: models.Account) -> Stake:
    """An account with what it brings a year."""
    return Stake(account.pk, account.key, account.name, account.arr_reporting, account.reporting_currency)


@dataclass(frozen=True)
class Renewals:
    """Contracts that end within three months."""

    slug: str = "renewals"
    title: str = speech.later("Renewals")
    sentence: str = speech.later(
        "A contract that ends within 90 days; away people of weight and silence are said with it."
    )
    share: float = 0.3
    hours: float = 1.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """Two queries: the accounts, and whether a champion or executive of theirs left or is away."""
        today = day_of(asker.now)
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        soon = mine.filter(former=False, renewal_date__gte=today, renewal_date__lt=today + HORIZON)
        found = list(soon.order_by("renewal_date", "pk")[: asker.limit])
        away = _away([account.pk for account in found])
        return [self._offer(account, away.get(account.pk, ""), today) for account in found]

    def _offer(self, account: models.Account, away: str, today: date) -> Offer:
        assert account.renewal_date is not None
        left = (account.renewal_date - today).days
        said = [part for part in (away, _silence(account.last_touch_at, today)) if part]
        renewal = (
            speech.told("renewal today")
            if not left
            else speech.counted(left, "renewal in %(n)s day", "renewal in %(n)s days", n=left)
        )
        why = "; ".join([*said, renewal])
        return Offer(
            key=f"renewal:{account.pk}:{account.renewal_date}",
            what=speech.told("Prepare the renewal"),
            why=f"{why[:1].upper()}{why[1:]}.",
            deed="renew",
            subject=f"account:{account.key}",
            stake=stake(account),
            due_at=end_of(account.renewal_date) - LAST_SECOND,
        )


def _away(account_ids: Sequence[int]) -> dict[int, str]:
    """Who of weight is not there any more, in words, by account."""
    gone = models.Stakeholder.objects.filter(account__in=account_ids, status__in=("left", "on_leave"))
    weighty = gone.filter(stance="champion") | gone.filter(roles__contains=["executive"])
    said: dict[int, str] = {}
    for row in weighty.select_related("person").order_by("pk"):
        who = "champion" if row.stance == "champion" else "executive"
        became = speech.told("left") if row.status == "left" else speech.told("is on leave")
        said.setdefault(row.account_id, f"{who} {row.person.name or row.person.key} {became}")
    return said


def _silence(last: datetime | None, today: date) -> str:
    if last is None:
        return speech.told("nobody ever spoke with them")
    days = (today - day_of(last)).days
    return speech.told("nobody spoke with them for %(days)s days", days=days) if days >= SILENT_DAYS else ""


@dataclass(frozen=True)
class Meetings:
    """Planned touchpoints of the week."""

    slug: str = "meetings"
    title: str = speech.later("Meetings")
    sentence: str = speech.later("A planned meeting within the week, to be prepared.")
    share: float = 0.1
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """One query."""
        mine = accounts.visible(seen_by=asker.seen_by, owner_id=asker.owner_id)
        planned = models.Touchpoint.objects.filter(
            account__in=mine, held_at__gte=asker.now, held_at__lt=asker.week_ends, declined=False
        )
        found = planned.select_related("account").order_by("held_at", "pk")[: asker.limit]
        return [self._offer(row, asker.now) for row in found]

    def _offer(self, row: models.Touchpoint, now: datetime) -> Offer:
        told = row.notes.strip().splitlines()
        silence = _silence(row.account.last_touch_at, day_of(now))
        brief = told[0][:BRIEF_LENGTH] if told else silence or speech.told("No brief was written yet")
        invited = (
            speech.told("%(n)s invited", n=len(row.invited))
            if row.invited
            else speech.told("nobody is named as invited")
        )
        return Offer(
            key=f"meeting:{row.pk}:{row.held_at.isoformat()}",
            what=f"Prepare: {row.subject or row.kind.replace('_', ' ')}",
            why=f"{brief[:1].upper()}{brief[1:]}; {invited}.",
            deed="prepare",
            subject=f"touchpoint:{row.key}",
            stake=stake(row.account),
            due_at=row.held_at,
            is_meeting=True,
        )


@specs.impl
def waiting() -> Sequence[Source]:
    """Its sources of Today."""
    return (Renewals(), Meetings())
