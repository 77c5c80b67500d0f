"""Customers that are like one: those that spoke for us, and those where somebody may be asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from keepwell.access.scopes import Scope
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel.errors import NotFound
from keepwell.kernel.money import Money
from keepwell.ledger.models import Account, Contract
from keepwell.ledger.queries import accounts
from keepwell.outcomes.queries import advocacy, advocates
from keepwell.outcomes.queries.advocacy import AskView
from keepwell.outcomes.queries.advocates import Suggestion


@dataclass(frozen=True)
class Alike:
    """A customer that is like another, in what, and what it did for us or who there may be asked."""

    account: str
    account_name: str
    alike: tuple[str, ...]
    arr: Money | None
    stories: tuple[AskView, ...]
    suggestions: tuple[Suggestion, ...]


def find(*, account: str, of: Whose, seen_by: Scope, day: date) -> tuple[Alike, ...]:
    """Customers like this one (industry, tier, size, product) that spoke for us or may be asked, the most alike first."""
    meant = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if meant is None:
        raise NotFound('There is no account "%(key)s".', key=account)
    told = advocacy.asks(of=of, seen_by=seen_by, state="came")
    may = advocates.of_book(of=of, seen_by=seen_by, day=day)
    keys = {one.account for one in told} | {one.account for one in may}
    rows = list(Account.objects.filter(key__in=keys - {account}, former=False))
    bought = _products([meant.pk, *(row.pk for row in rows)])
    found = []
    for row in rows:
        same = _same(meant, row, bought)
        if same:
            found.append(
                Alike(
                    row.key, row.name or row.key, same, accounts.arr_reporting(row),
                    tuple(one for one in told if one.account == row.key),
                    tuple(one for one in may if one.account == row.key),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-len(one.alike), not one.stories, one.account)))


def _products(ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for account, product in Contract.objects.filter(account__in=ids).values_list("account", "product"):
        if product:
            found.setdefault(account, set()).add(product)
    return found


def _same(one: Account, other: Account, bought: dict[int, set[str]]) -> tuple[str, ...]:
    """In what they are alike; of a size where neither has three times the ARR of the other."""
    worth, others = one.arr_reporting, other.arr_reporting
    told = {
        "industry": bool(one.industry) and one.industry == other.industry,
        "tier": bool(one.tier) and one.tier == other.tier,
        "size": bool(worth and others) and max(worth or 0, others or 0) < 3 * min(worth or 0, others or 0),
        "product": bool(bought.get(one.pk, set()) & bought.get(other.pk, set())),
    }
    return tuple(name for name, holds in told.items() if holds)
