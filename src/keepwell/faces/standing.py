"""How one account stands at a moment: what pages and programs ask alike, today or turned back to the end of a past day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.health.queries import scores
from keepwell.health.queries.scores import ScoreView
from keepwell.kernel.moments import end_of
from keepwell.ledger.queries import accounts, hierarchy, past, people
from keepwell.ledger.queries.accounts import AccountView
from keepwell.ledger.queries.contracts import ContractView
from keepwell.ledger.queries.hierarchy import Place
from keepwell.ledger.queries.people import StakeholderView
from keepwell.plays.queries import cadences, incidents, tasks
from keepwell.plays.queries.incidents import IncidentView
from keepwell.plays.queries.tasks import TaskItem
from keepwell.segments.queries import phases
from keepwell.segments.queries.phases import PhaseSpan


@dataclass(frozen=True)
class Moment:
    """What happened before `at`, the end of a past day or now, as known before `known_by` (None: as known now)."""

    day: date
    at: datetime
    is_past: bool = False
    known_by: datetime | None = None

    @property
    def before(self) -> datetime | None:
        """The end of a past day; None today, where all counts."""
        return self.at if self.is_past else None

    @classmethod
    def on(cls, day: date | None, *, now: datetime, then: bool = False) -> "Moment":
        """A day that is over is seen at its end, `then` as it was known by then; any other is today."""
        if day is None or day >= now.date():
            return cls(now.date(), now)
        return cls(day, end_of(day), True, end_of(day) if then else None)


@dataclass(frozen=True)
class Standing:
    """An account with its people, score, work and place.

    `contracts` are read on past days alone, `cadence` (kept, late, unknown) where nothing else is to be done.
    """

    moment: Moment
    account: AccountView
    people: tuple[StakeholderView, ...]
    contracts: tuple[ContractView, ...] | None
    score: ScoreView | None
    incidents: tuple[IncidentView, ...]
    tasks: tuple[TaskItem, ...]
    phase: PhaseSpan | None
    place: Place | None
    cadence: str = ""


def read(*, key: str, moment: Moment, seen_by: Scope) -> Standing:
    """All of it. Some fifteen queries; a past day also reads the account's share of the lake."""
    may: dict[str, Any] = {"seen_by": seen_by}
    known: dict[str, Any] = {"day": moment.day, "known_by": moment.known_by}
    contracts = None
    if moment.is_past:
        turned = past.find(key=key, **known, **may)
        account, stakeholders, contracts = turned.account, turned.people, turned.contracts
    else:
        account = accounts.find(key=key, **may)
        stakeholders = people.of_account(account_id=account.id, **may)
    mine: dict[str, Any] = {"account_id": account.id, **may}
    work = tasks.open_of_account(**mine, before=moment.before)
    burning = incidents.of_account(**mine, before=moment.before)
    is_idle = not moment.is_past and not work and not any(one.open for one in burning)
    return Standing(
        moment=moment,
        account=account,
        people=stakeholders,
        contracts=contracts,
        score=scores.on_day(**mine, **known) if moment.is_past else scores.current(**mine),
        incidents=burning,
        tasks=work,
        phase=phases.on_day(**mine, day=moment.day) if moment.is_past else phases.now(**mine),
        place=hierarchy.place(**mine, as_of=moment.day, known_by=moment.known_by),
        cadence=cadences.stored(account_id=account.id) if is_idle else "",
    )
