"""What every page about one account needs, read once: as it stands, or as it stood at the end of a past day."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keepwell.faces.web import as_of
from keepwell.faces.web.as_of import AsOf
from keepwell.faces.web.asking import Asking
from keepwell.faces.web.pages.account_head import AccountHead, Standing, head
from keepwell.health.queries import book, scores
from keepwell.health.queries.scores import ScoreView
from keepwell.ledger.queries import accounts, contracts, hierarchy, past, people
from keepwell.ledger.queries.accounts import AccountView
from keepwell.ledger.queries.contracts import ContractView
from keepwell.ledger.queries.people import StakeholderView
from keepwell.plays.queries import incidents, tasks
from keepwell.plays.queries.incidents import IncidentView
from keepwell.plays.queries.tasks import TaskItem
from keepwell.segments.queries import phases
from keepwell.segments.queries.phases import PhaseSpan


class OneAccount:
    """An account with its score, people and incidents, and the head that its pages share, at the asked moment.

    `as_of` is that moment: what a page asks of its own goes by `as_of.at` and `as_of.known_by`, and its addresses by
    `as_of.of`. Nothing may be written where `as_of.is_past`.
    """

    def __init__(self, request: HttpRequest, asking: Asking, key: str, here: str) -> None:
        self.as_of: AsOf = as_of.asked(request, asking)
        self._may: dict[str, Any] = {"seen_by": asking.seen_by}
        moment = self.as_of
        known: dict[str, Any] = {"day": moment.day, "known_by": moment.known_by}
        if moment.is_past:
            turned = past.find(key=key, **known, **self._may)
            self.account: AccountView = turned.account
            self.people: tuple[StakeholderView, ...] = turned.people
            self._contracts: tuple[ContractView, ...] | None = turned.contracts
        else:
            self.account = accounts.find(key=key, **self._may)
            self.people = people.of_account(account_id=self.account.id, **self._may)
            self._contracts = None
        self.id = self.account.id
        mine: dict[str, Any] = {"account_id": self.id, **self._may}
        before = moment.at if moment.is_past else None
        self.score: ScoreView | None = (
            scores.on_day(**mine, **known) if moment.is_past else scores.current(**mine)
        )
        self.incidents: tuple[IncidentView, ...] = incidents.of_account(**mine, before=before)
        self.tasks: tuple[TaskItem, ...] = tasks.open_of_account(**mine, before=before)
        self.phase: PhaseSpan | None = (
            phases.on_day(**mine, day=moment.day) if moment.is_past else phases.now(**mine)
        )
        self.head: AccountHead = head(
            Standing(
                account=self.account,
                score=self.score,
                row=book.row(**mine, as_of=moment.day if moment.is_past else None),
                people=self.people,
                incidents=self.incidents,
                tasks=self.tasks,
                phase=self.phase,
                place=hierarchy.place(**mine, as_of=moment.day, known_by=moment.known_by),
            ),
            here=here,
            now=moment.at,
            as_of=moment,
            path=reverse(here, args=(key,)),
            today=asking.today,
        )

    @property
    def contracts(self) -> tuple[ContractView, ...]:
        """What was signed, the latest begun first. One query, where it was not read with the account."""
        if self._contracts is None:
            self._contracts = contracts.of_account(account_id=self.id, **self._may)
        return self._contracts
