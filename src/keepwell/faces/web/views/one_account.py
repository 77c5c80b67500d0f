"""What every page about one account needs, read once."""

from keepwell.faces.web.asking import Asking
from keepwell.faces.web.pages.account_head import AccountHead, head
from keepwell.health.queries import book, scores
from keepwell.health.queries.scores import ScoreView
from keepwell.ledger.queries import accounts, people
from keepwell.ledger.queries.people import StakeholderView
from keepwell.plays.queries import incidents
from keepwell.plays.queries.incidents import IncidentView
from keepwell.segments.queries import phases


class OneAccount:
    """An account with its score, people and incidents, and the head that its pages share."""

    def __init__(self, asking: Asking, key: str, here: str) -> None:
        may = {"seen_by": asking.seen_by}
        self.account = accounts.find(key=key, **may)
        self.id = self.account.id
        self.score: ScoreView | None = scores.current(account_id=self.id, **may)
        self.people: tuple[StakeholderView, ...] = people.of_account(account_id=self.id, **may)
        self.incidents: tuple[IncidentView, ...] = incidents.of_account(account_id=self.id, **may)
        self.head: AccountHead = head(
            account=self.account,
            score=self.score,
            row=book.row(account_id=self.id, **may),
            people=self.people,
            incidents=self.incidents,
            here=here,
            now=asking.now,
            phase=phases.now(account_id=self.id, **may),
        )
