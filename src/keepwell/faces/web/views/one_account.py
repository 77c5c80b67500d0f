"""What every page about one account needs, read once: as it stands, or as it stood at the end of a past day."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keepwell.faces import standing
from keepwell.faces.standing import Standing
from keepwell.faces.web import as_of
from keepwell.faces.web.as_of import AsOf
from keepwell.faces.web.asking import Asking
from keepwell.faces.web.pages.account_head import AccountHead, head
from keepwell.health.queries import scores
from keepwell.ledger.queries import contracts
from keepwell.ledger.queries.contracts import ContractView


class OneAccount:
    """An account with its score, people and incidents, and the head that its pages share, at the asked moment.

    `as_of` is that moment: what a page asks of its own goes by `as_of.at` and `as_of.known_by`, and its addresses by
    `as_of.of`. Nothing may be written where `as_of.is_past`.
    """

    def __init__(self, request: HttpRequest, asking: Asking, key: str, here: str) -> None:
        self.as_of: AsOf = as_of.asked(request, asking)
        self.told: Standing = standing.read(key=key, moment=self.as_of, seen_by=asking.seen_by)
        self.account = self.told.account
        self.people = self.told.people
        self.score = self.told.score
        self.incidents = self.told.incidents
        self.tasks = self.told.tasks
        self.phase = self.told.phase
        self.id = self.account.id
        self._mine: dict[str, Any] = {"account_id": self.id, "seen_by": asking.seen_by}
        self.head: AccountHead = head(
            self.told,
            week=None if self.score is None else scores.week(self.score),
            here=here,
            as_of=self.as_of,
            path=reverse(here, args=(key,)),
            today=asking.today,
        )

    @property
    def contracts(self) -> tuple[ContractView, ...]:
        """What was signed, the latest begun first. One query, where it was not read with the account."""
        found = self.told.contracts
        return contracts.of_account(**self._mine) if found is None else found
