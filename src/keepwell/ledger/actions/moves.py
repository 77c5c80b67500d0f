"""Move what belongs to one account to another, and tell exactly what moved, so that it can go back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db import models as db

from keepwell.ledger import models
from keepwell.ledger.actions import links, placements
from keepwell.ledger.queries import identity, mergers

Moved = dict[str, Any]


def keys(
    *, source: int, target: int, reason: str, at: datetime, only: Collection[str] | None = None
) -> dict[str, str]:
    """Raw keys mean the other account from now on; gives each with the reason for which it meant the first."""
    rows = models.IdentityLink.objects.filter(identity.known(None), account=source)
    if only is not None:
        rows = rows.filter(key__in=only)
    moved = dict(rows.order_by("key").values_list("key", "reason"))
    links.put(accounts=dict.fromkeys(moved, target), reason=reason, at=at)
    return moved


def keys_back(*, moved: Mapping[str, str], source: int, target: int, at: datetime) -> None:
    """Keys that still mean the other account mean the first one again."""
    still = models.IdentityLink.objects.filter(identity.known(None), account=target, key__in=list(moved))
    by_reason: dict[str, list[str]] = {}
    for key in still.values_list("key", flat=True):
        by_reason.setdefault(moved[key], []).append(key)
    for reason, named in sorted(by_reason.items()):
        links.put(accounts=dict.fromkeys(named, source), reason=reason, at=at)


def rows(
    *, source: int, target: int, only: Mapping[str, Collection[int]] | None = None
) -> dict[str, list[int]]:
    """Rows belong to the other account; gives their numbers by table. Two queries a table.

    A row that the other account has its like of already (a table may allow only one) stays.
    """
    moved = {}
    for name, model in mergers.tables().items():
        mine = model._default_manager.filter(account=source)
        if only is not None:
            mine = mine.filter(pk__in=only.get(name, ()))
        if found := list(mine.order_by("pk").values_list("pk", flat=True)):
            moved[name] = _given(model, found, target)
    return {name: numbers for name, numbers in moved.items() if numbers}


def _given(model: type[db.Model], numbers: list[int], target: int) -> list[int]:
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=numbers).update(account=target)
    except IntegrityError:
        if len(numbers) == 1:
            return []
        half = len(numbers) // 2
        return _given(model, numbers[:half], target) + _given(model, numbers[half:], target)
    return numbers


def rows_back(*, moved: Mapping[str, Sequence[int]], source: int, target: int) -> None:
    """Rows that still belong to the other account belong to the first one again. One query a table."""
    for name, model in mergers.tables().items():
        if name in moved:
            model._default_manager.filter(pk__in=moved[name], account=target).update(account=source)


def people(*, source: int, target: int, at: datetime, only: Collection[int] | None = None) -> Moved:
    """People belong to the other account from now on, as long as they belonged to the first; gives what changed."""
    placed = models.Placement.objects.filter(identity.known(None), account=source)
    stakes = models.Stakeholder.objects.filter(account=source)
    if only is not None:
        placed, stakes = placed.filter(person__in=only), stakes.filter(person__in=only)
    both = models.Stakeholder.objects.filter(account=target).values("person")
    moved = list(stakes.exclude(person__in=both).order_by("pk").values_list("pk", flat=True))
    models.Stakeholder.objects.filter(pk__in=moved).update(account=target)
    ended = list(placed.order_by("pk"))
    models.Placement.objects.filter(pk__in=[row.pk for row in ended]).update(known_until=at)
    there: dict[int, list[tuple[date | None, date | None]]] = {}
    persons = {row.person_id for row in ended}
    for row in models.Placement.objects.filter(identity.known(None), account=target, person__in=persons):
        there.setdefault(row.person_id, []).append((row.since, row.until))
    begun = models.Placement.objects.bulk_create(
        models.Placement(
            account_id=target,
            person_id=row.person_id,
            since=since,
            until=until,
            reason=row.reason,
            known_from=at,
        )
        for row in ended
        for since, until in placements.without((row.since, row.until), there.get(row.person_id, []))
    )
    return {
        "stakeholders": moved,
        "ended": [row.pk for row in ended],
        "begun": [row.pk for row in begun],
    }


def people_back(*, moved: Moved, source: int, target: int, at: datetime) -> None:
    """People belong to the first account again, as it was."""
    stakes = models.Stakeholder.objects.filter(pk__in=moved["stakeholders"], account=target)
    stakes.exclude(person__in=models.Stakeholder.objects.filter(account=source).values("person")).update(
        account=source
    )
    models.Placement.objects.filter(identity.known(None), pk__in=moved["begun"]).update(known_until=at)
    here = models.Placement.objects.filter(identity.known(None), account=source)
    there: dict[int, list[tuple[date | None, date | None]]] = {}
    for row in here:
        there.setdefault(row.person_id, []).append((row.since, row.until))
    models.Placement.objects.bulk_create(
        models.Placement(
            account_id=source,
            person_id=row.person_id,
            since=since,
            until=until,
            reason=row.reason,
            known_from=at,
        )
        for row in models.Placement.objects.filter(pk__in=moved["ended"]).order_by("pk")
        for since, until in placements.without((row.since, row.until), there.get(row.person_id, []))
    )


def domains(*, source: int, target: int) -> list[str]:
    """E-mail domains are the other account's; gives those that it did not have yet."""
    have = models.AccountDomain.objects.filter(account=target).values("domain")
    rows = models.AccountDomain.objects.filter(account=source).exclude(domain__in=have)
    moved = list(rows.order_by("domain").values_list("domain", flat=True))
    models.AccountDomain.objects.filter(account=source, domain__in=moved).update(account=target)
    return moved


def domains_back(*, moved: Collection[str], source: int, target: int) -> None:
    """They are the first one's again."""
    have = models.AccountDomain.objects.filter(account=source).values("domain")
    models.AccountDomain.objects.filter(account=target, domain__in=list(moved)).exclude(
        domain__in=list(have.values_list("domain", flat=True))
    ).update(account=source)
