"""Willow's tickets, people and PM, for tests of triage."""

from datetime import datetime, timedelta

from keepwell.access.actions import users
from keepwell.ledger.actions import accounts, people, surveys, tickets
from keepwell.ledger.models import Account, Ticket
from tests.world import NOW, PASSWORD, TESTS, World

DAY = timedelta(days=1)


def staffed(cast: World, *, account: str = "willow") -> None:
    """Pia is the PM of Willow, or of another; Uma and Vic are users of theirs, of whom Vic has no address."""
    pia = users.create(
        email="pia@fernhill.test", password=PASSWORD, role="pm", by=TESTS, at=NOW, name="Pia", teams=["North"]
    )
    row = Account.objects.get(key=account)
    accounts.assign(account=row, user=pia, role="pm", by=TESTS, at=NOW)
    rows = [
        {"key": "uma", "account": account, "name": "Uma", "email": "uma@willow.test"},
        {"key": "vic", "account": account, "name": "Vic", "email": ""},
    ]
    people.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)


def opened(key: str, *, account: str = "willow", at: datetime = NOW - DAY, **said: object) -> None:
    """A ticket."""
    row = {"key": key, "account": account, "subject": f"About {key}", "opened_at": at, **said}
    (verdict,) = tickets.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
    assert verdict.outcome == "created", verdict


def ticket(key: str) -> Ticket:
    """How it stands."""
    return Ticket.objects.get(key=key)


def content(key: str, score: float, at: datetime, *, account: str = "willow") -> None:
    """An answer to "how content are you", 1 to 5."""
    row = {"key": key, "account": account, "kind": "csat", "score": score, "answered_at": at}
    surveys.upsert(rows=[row], source="tests", by=TESTS, at=NOW, vouched=True)
