"""Which raw keys mean which account."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Min

from keepwell.ledger import models

Link = tuple[str, int]


def links(*, accounts: Collection[int] | None = None) -> tuple[list[Link], list[Link]]:
    """(account keys, person keys), each with the account it means. Two queries.

    A person in several accounts says nothing about which one an event is for: such events must name their account.
    """
    by_key = models.IdentityLink.objects.values_list("key", "account_id")
    people = (
        models.Stakeholder.objects.values("person__key")
        .annotate(n=Count("account"), only=Min("account"))
        .filter(n=1)
    )
    if accounts is not None:
        by_key = by_key.filter(account__in=accounts)
        people = people.filter(only__in=accounts)
    return list(by_key), [(row["person__key"], row["only"]) for row in people]


def resolve(keys: Iterable[str]) -> dict[str, int]:
    """The account ids that raw account keys mean; unknown keys are absent."""
    return dict(models.IdentityLink.objects.filter(key__in=list(keys)).values_list("key", "account_id"))
