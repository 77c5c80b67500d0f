"""The cast of the tests: vendor Fernhill; accounts Birch, Willow, Elm, Ash; Ada owns the book, Ben is on her team,
Cleo works elsewhere and may see nothing of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from keepwell.access.actions import users
from keepwell.access.models import User
from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope, system
from keepwell.ledger.actions import accounts
from keepwell.ledger.models import Account

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "correct horse battery"
TESTS = system(through="tests")


@dataclass(frozen=True)
class World:
    """Everybody, by name."""

    root: User
    ada: User
    ben: User
    cleo: User
    birch: Account
    willow: Account
    elm: Account
    ash: Account

    def scope(self, name: str) -> Scope:
        """What a person of the cast may see and do."""
        return scopes.of_user(getattr(self, name), through="tests")


def build(*, at: datetime = NOW, since: date = date(2025, 1, 6)) -> World:
    """Create the cast in the database: four accounts of Ada's."""
    people = {
        "root": users.create(
            email="root@fernhill.test", password=PASSWORD, role="admin", by=TESTS, at=at, name="Root"
        ),
        "ada": users.create(
            email="ada@fernhill.test",
            password=PASSWORD,
            role="csm",
            by=TESTS,
            at=at,
            name="Ada",
            teams=["North"],
        ),
        "ben": users.create(
            email="ben@fernhill.test",
            password=PASSWORD,
            role="csm",
            by=TESTS,
            at=at,
            name="Ben",
            teams=["North"],
        ),
        "cleo": users.create(
            email="cleo@fernhill.test",
            password=PASSWORD,
            role="csm",
            by=TESTS,
            at=at,
            name="Cleo",
            teams=["South"],
        ),
    }
    names = ("birch", "willow", "elm", "ash")
    rows = [{"key": name, "name": name.title(), "since": since} for name in names]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=at, vouched=True)
    cast = {name: Account.objects.get(key=name) for name in names}
    for account in cast.values():
        accounts.assign(account=account, user=people["ada"], role="csm", by=TESTS, at=at)
    return World(**people, **cast)
