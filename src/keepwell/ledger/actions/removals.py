"""Take rows of facts away: the row goes and its events are retracted; asked as known before, they still count."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CASCADE, ForeignKey, Q, QuerySet

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import models
from keepwell.ledger.actions import accounts, events, links, owners, upserts
from keepwell.ledger.models.base import KeyedFact


def remove(model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Remove rows of one table by key; gives how many there were. Seven queries for any number of rows."""
    with transaction.atomic():
        asked = model._default_manager.select_for_update(of=("self",)).filter(key__in=keys)
        named = upserts.named_by(model)
        rows = list(asked.select_related(*named) if named else asked)
        if not rows:
            return 0
        _unheld(model, keys)
        _take_back(rows, at)
        _remember(model, rows, at)
        model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
        deed = f"{model._meta.model_name}.remove"
        subject = f"{model._meta.model_name}:{rows[0].key}" if len(rows) == 1 else "several"
        audit.record(by=by, at=at, deed=deed, subject=subject, rows=len(rows))
    return len(rows)


def _take_back(rows: Sequence[KeyedFact], at: datetime) -> None:
    home = {row.pk: getattr(row, "account_id", None) for row in rows}
    keys = dict(
        models.Account.objects.filter(pk__in=[pk for pk in home.values() if pk]).values_list("pk", "key")
    )
    taken = [
        events.Taken(
            gone.event_id,
            keys.get(home[row.pk] or 0, row.key if isinstance(row, models.Account) else ""),
            at=gone.at,
        )
        for row in rows
        for gone in upserts.taken_with(row)
    ]
    events.retract(taken=taken, source="keepwell", received_at=at)


def _remember(model: type[KeyedFact], rows: Sequence[KeyedFact], at: datetime) -> None:
    gone = [
        models.Removal(table=str(model._meta.model_name), key=row.key, revision=row.revision, removed_at=at)
        for row in rows
    ]
    models.Removal.objects.bulk_create(
        gone,
        update_conflicts=True,
        unique_fields=["table", "key"],
        update_fields=["revision", "removed_at"],
    )


def remove_contracts(model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Remove contracts, and restate the figures of their accounts; refuses one about which something was agreed."""
    with transaction.atomic():
        _unamended(keys)
        homes = set(models.Contract.objects.filter(key__in=keys).values_list("account_id", flat=True))
        removed = remove(model, keys=keys, by=by, at=at)
        accounts.restate(on=at.date(), account_ids=sorted(homes))
    return removed


def _amended(keys: Sequence[str]) -> list[str]:
    """Those of the contracts about which something was agreed."""
    named = Q(contract__in=keys) | Q(successor__in=keys)
    rows = models.Amendment.objects.filter(named, taken_back_at=None).values_list("contract", "successor")
    return sorted({name for pair in rows for name in pair}.intersection(keys))


def _unamended(keys: Sequence[str]) -> None:
    named = Q(contract__in=keys) | Q(successor__in=keys)
    row = models.Amendment.objects.filter(named, taken_back_at=None).order_by("-pk").first()
    if row is not None:
        key = row.successor if row.successor in keys else row.contract
        raise errors.Conflict(
            'Something was agreed about the contract "%(key)s" from %(day)s on. Take that back first, on its Contracts tab.',
            key=key, day=row.on.isoformat(),
        )  # fmt: skip


def remove_touchpoints(model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Remove touchpoints, and restate when their accounts were last spoken to."""
    with transaction.atomic():
        homes = set(models.Touchpoint.objects.filter(key__in=keys).values_list("account_id", flat=True))
        removed = remove(model, keys=keys, by=by, at=at)
        accounts.last_touches(account_ids=sorted(homes))
    return removed


def remove_people(model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Remove people with their places; the rows that name them keep standing, and the accounts are told."""
    with transaction.atomic():
        places = models.Stakeholder.objects.filter(person__key__in=keys)
        homes = sorted(set(places.values_list("account_id", flat=True)))
        removed = remove(model, keys=keys, by=by, at=at)
        links.announce(account_ids=homes, source="keepwell", at=at, why="people")
    return removed


def remove_accounts(model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Remove accounts that hold nothing; what else names them is kept and counts for nobody."""
    by.require("data.import")
    return remove(model, keys=keys, by=by, at=at)


def remove_owners(model: type[KeyedFact], *, keys: Sequence[str], by: Scope, at: datetime) -> int:
    """Remove owners; whoever came before them lasts until the next one begins."""
    by.require("accounts.assign")
    with transaction.atomic():
        places = set(models.Ownership.objects.filter(key__in=keys).values_list("account_id", "role"))
        removed = remove(model, keys=keys, by=by, at=at)
        owners.settle(places=places, on=at.date())
    return removed


def held(model: type[KeyedFact], *, keys: Sequence[str]) -> dict[str, str]:
    """Those of the rows that others would go with, by key, with the name of one such table. One query a table."""
    found: dict[str, str] = {}
    for table in KeyedFact.__subclasses__():
        if table.goes_with_account:
            continue
        for field in table._meta.concrete_fields:
            if isinstance(field, ForeignKey) and _goes_along(field, model):
                rows: QuerySet[Any] = table._default_manager.order_by()
                held_by = rows.filter(Q(**{f"{field.name}__key__in": keys}))
                named = held_by.values_list(f"{field.name}__key", flat=True).distinct()
                found |= dict.fromkeys(named, str(table._meta.verbose_name_plural))
    if model is models.Contract:
        found |= dict.fromkeys(_amended(keys), str(models.Amendment._meta.verbose_name_plural))
    return found


def _goes_along(field: "ForeignKey[Any, Any]", model: type[KeyedFact]) -> bool:
    return field.related_model is model and field.remote_field.on_delete is CASCADE


def _unheld(model: type[KeyedFact], keys: Sequence[str]) -> None:
    """Refuse to remove what other rows of facts would go with."""
    for key, others in held(model, keys=keys).items():
        raise errors.Conflict(
            'The %(verbose_name)s "%(key)s" still has %(others)s. Remove those first.',
            verbose_name=model._meta.verbose_name,
            key=key,
            others=others,
        )
