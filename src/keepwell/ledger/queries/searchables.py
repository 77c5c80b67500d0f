"""This stage's answer to the hooks: accounts and the customer's people can be searched for."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from math import log10

from django.db.models import Exists, OuterRef

from keepwell.hooks import specs
from keepwell.hooks.searchables import Found, Searchable
from keepwell.kernel import speech
from keepwell.ledger import models


class Accounts:
    """Accounts, by name, key and tags; the larger the ARR, the heavier. Merged ones are found by the one they went into."""

    slug, title, one = "account", speech.later("Accounts"), speech.later("account")
    watched: Collection[str] = ("ledger_account",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The accounts themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Account.objects.filter(pk__in=numbers, merged_into=None)
        columns = rows.values_list("pk", "key", "name", "industry", "tags", "arr_reporting", "former")
        for pk, key, name, industry, tags, arr, former in columns:
            yield Found(
                pk,
                key,
                name or key,
                also=" ".join((key, *tags)),
                hint=industry,
                account_id=pk,
                weight=200 if former else 600 + _size(arr),
            )

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Account.objects.order_by("pk").values_list("pk", flat=True)


class People:
    """Who belongs to an account, by name, address and title; once for each account."""

    slug, title, one = "person", speech.later("People"), speech.later("person")
    watched: Collection[str] = ("ledger_stakeholder", "ledger_person")

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """Where the people belong."""
        if table == "ledger_stakeholder":
            return numbers
        return list(models.Stakeholder.objects.filter(person__in=numbers).values_list("pk", flat=True))

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Stakeholder.objects.filter(pk__in=numbers)
        columns = rows.values_list(
            "pk", "account", "person__key", "person__name", "person__email", "title", "influence", "status"
        )
        for pk, account, key, name, email, title, influence, status in columns:
            yield Found(
                pk,
                key,
                name or email or key,
                also=" ".join(filter(None, (_before_at(key), _before_at(email), title))),
                hint=title,
                account_id=account,
                weight=100 if status == "left" else 300 + 20 * (influence or 0),
            )

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Stakeholder.objects.order_by("pk").values_list("pk", flat=True)


class Unplaced:
    """People who belong to no account: found by whoever sees everything."""

    slug, title = "unplaced", speech.later("People of no account")
    one = speech.later("person of no account")
    watched: Collection[str] = ("ledger_stakeholder", "ledger_person")

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The people themselves; who leaves an account is noted as a person, too."""
        if table == "ledger_person":
            return numbers
        return list(models.Stakeholder.objects.filter(pk__in=numbers).values_list("person", flat=True))

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        placed = models.Stakeholder.objects.filter(person=OuterRef("pk"))
        rows = models.Person.objects.filter(~Exists(placed), pk__in=numbers)
        for pk, key, name, email in rows.values_list("pk", "key", "name", "email"):
            also = " ".join(filter(None, (key, email)))
            yield Found(pk, key, name or email or key, also, hint=email if name else "", weight=80)

    def everything(self) -> Iterable[int]:
        """One query."""
        placed = models.Stakeholder.objects.filter(person=OuterRef("pk"))
        return models.Person.objects.filter(~Exists(placed)).order_by("pk").values_list("pk", flat=True)


def _before_at(address: str) -> str:
    """What of an address tells people apart; the rest is found by its account."""
    return address.partition("@")[0]


def _size(arr: Decimal | None) -> int:
    return min(399, int(50 * log10(float(arr)))) if arr and arr > 1 else 0


@specs.impl
def searchables() -> Sequence[Searchable]:
    """Accounts and people."""
    return (Accounts(), People(), Unplaced())
