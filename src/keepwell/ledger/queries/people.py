"""Reads of the customer's people."""

from dataclasses import dataclass

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts


@dataclass(frozen=True)
class StakeholderView:
    """A person as they stand in one account."""

    key: str
    name: str
    email: str
    role: str
    title: str
    stance: str
    status: str


def of_account(*, account_id: int, seen_by: Scope) -> tuple[StakeholderView, ...]:
    """An account's people, executives first. One query."""
    rows = (
        models.Stakeholder.objects.filter(account__in=accounts.visible(seen_by=seen_by).filter(pk=account_id))
        .select_related("person")
        .order_by("person__name", "person__key")
    )
    ranked = sorted(rows, key=lambda row: (row.role != "executive", row.stance != "champion"))
    return tuple(
        StakeholderView(
            row.person.key,
            row.person.name or row.person.key,
            row.person.email,
            row.role,
            row.title,
            row.stance,
            row.status,
        )
        for row in ranked
    )


def stands_in(person: str, account: str) -> bool:
    """Whether a person has a place in an account; without an account, whether they are known at all. One query."""
    if not account:
        return models.Person.objects.filter(key=person).exists()
    return models.Stakeholder.objects.filter(person__key=person, account__key=account).exists()
