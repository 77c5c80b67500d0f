"""Reads of the customer's people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.queries import accounts, records


@dataclass(frozen=True)
class StakeholderView:
    """A person as they stand in one account; `influence` 1 to 5, `reports_to` the other's name."""

    key: str
    name: str
    email: str
    role: str
    title: str
    stance: str
    status: str
    roles: tuple[str, ...] = ()
    influence: int | None = None
    reports_to: str = ""
    reports_to_key: str = ""
    status_since: date | None = None


def of_account(*, account_id: int, seen_by: Scope) -> tuple[StakeholderView, ...]:
    """An account's people, executives first. One query."""
    rows = (
        models.Stakeholder.objects.filter(account__in=accounts.visible(seen_by=seen_by).filter(pk=account_id))
        .select_related("person", "reports_to")
        .order_by("person__name", "person__key")
    )
    return ranked(
        StakeholderView(
            row.person.key,
            row.person.name or row.person.key,
            row.person.email,
            row.role,
            row.title,
            row.stance,
            row.status,
            tuple(row.roles),
            row.influence,
            (row.reports_to.name or row.reports_to.key) if row.reports_to else "",
            row.reports_to.key if row.reports_to else "",
            row.status_since,
        )
        for row in rows
    )


def ranked(views: Iterable[StakeholderView]) -> tuple[StakeholderView, ...]:
    """Executives first, then champions, and who has left last; else in the order given."""
    by = sorted(
        views, key=lambda one: (one.status == "left", "executive" not in one.roles, one.stance != "champion")
    )
    return tuple(by)


def places(*, person: str, seen_by: Scope) -> tuple[tuple[str, str, str], ...]:
    """The accounts in which a person stands, of those one may see: key, name, status. One query."""
    stakes = models.Stakeholder.objects.filter(
        person__key=person, account__in=accounts.visible(seen_by=seen_by)
    ).order_by("account__name", "account__key")
    return tuple(stakes.values_list("account__key", "account__name", "status"))


def names(keys: Collection[str], *, seen_by: Scope) -> dict[str, str]:
    """What people whom one may see are called, by key. One query."""
    seen = records.visible(models.Person, seen_by=seen_by).filter(key__in=keys)
    return {key: name or key for key, name in seen.values_list("key", "name")}


def stands_in(person: str, account: str) -> bool:
    """Whether a person has a place in an account; without an account, whether they are known at all. One query."""
    if not account:
        return models.Person.objects.filter(key=person).exists()
    return models.Stakeholder.objects.filter(person__key=person, account__key=account).exists()


def named(*, account_id: int) -> tuple[tuple[str, str], ...]:
    """Keys and names of an account's people who have not left, by name, for stages that know it may be seen. One query."""
    rows = (
        models.Stakeholder.objects.filter(account=account_id)
        .exclude(status="left")
        .order_by("person__name", "pk")
    )
    return tuple((key, name or key) for key, name in rows.values_list("person__key", "person__name"))
