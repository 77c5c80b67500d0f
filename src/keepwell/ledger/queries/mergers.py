"""Reads of changes of organisation: what one would move, what was done, whether it can be undone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import polars as pl
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.money import Money, totals
from keepwell.ledger import frames, lake, models
from keepwell.ledger.queries import accounts, identity


class Chosen(NamedTuple):
    """What goes to a new account: contracts and people by number, raw keys (those of the contracts included)."""

    contracts: list[int]
    people: list[int]
    keys: list[str]


@dataclass(frozen=True)
class Preview:
    """What a merger or a split would move from one account to another."""

    source: str
    source_name: str
    target: str
    target_name: str
    events: int
    rows: dict[str, int]
    people: int
    keys: tuple[str, ...]
    children: int
    arr: tuple[Money, ...]
    arr_after: tuple[Money, ...]


@dataclass(frozen=True)
class Deed:
    """A change of organisation that was made."""

    number: int
    kind: str
    source: str
    source_name: str
    target: str
    target_name: str
    at: datetime
    by: str
    note: str
    undone_at: datetime | None
    can_undo: bool


def merge_preview(*, source: str, target: str, on: date, seen_by: Scope) -> Preview:
    """What merging one account into another would move. Reads the account's share of the lake."""
    if source == target:
        raise errors.Invalid("An account cannot be merged into itself.")
    gone, kept = _seen(source, seen_by), _seen(target, seen_by)
    links = models.IdentityLink.objects.filter(identity.known(None), account=gone)
    below = models.ParentLink.objects.filter(identity.known(None), parent=gone, until=None)
    counts = {
        name: model._default_manager.filter(account=gone.pk).count() for name, model in tables().items()
    }
    arr = _arr(models.Contract.objects.filter(account=gone), on)
    return Preview(
        source=gone.key,
        source_name=gone.name,
        target=kept.key,
        target_name=kept.name,
        events=_count(frames.resolved(lake.scan().select("account", "person", "at"), [gone.pk])),
        rows={name: count for name, count in counts.items() if count},
        people=models.Stakeholder.objects.filter(account=gone).count(),
        keys=tuple(links.order_by("key").values_list("key", flat=True)),
        children=below.count(),
        arr=arr,
        arr_after=totals((*arr, *_arr(models.Contract.objects.filter(account=kept), on))),
    )


def split_preview(
    *,
    source: str,
    on: date,
    seen_by: Scope,
    contracts: Collection[str] = (),
    people: Collection[str] = (),
    keys: Collection[str] = (),
) -> Preview:
    """What a split would move to the new account. Reads the account's share of the lake."""
    old = _seen(source, seen_by)
    found = chosen(account_id=old.pk, own_key=old.key, contracts=contracts, people=people, keys=keys)
    moving = models.Contract.objects.filter(pk__in=found.contracts)
    said = frames.resolved(lake.scan().select("account", "person", "at"), [old.pk])
    named = list(models.Person.objects.filter(pk__in=found.people).values_list("key", flat=True))
    theirs = pl.col("account").is_in(found.keys) | ((pl.col("account") == "") & pl.col("person").is_in(named))
    return Preview(
        source=old.key,
        source_name=old.name,
        target="",
        target_name="",
        events=_count(said.filter(theirs)),
        rows={"contract": len(found.contracts)} if found.contracts else {},
        people=len(found.people),
        keys=tuple(found.keys),
        children=0,
        arr=_arr(moving, on),
        arr_after=_arr(models.Contract.objects.filter(account=old).exclude(pk__in=found.contracts), on),
    )


def tables() -> dict[str, type[Model]]:
    """The tables whose rows go along with their account, by name, whatever stage they belong to."""
    found = {}
    for model in apps.get_models():
        if getattr(model, "moves_with_account", False):
            try:
                model._meta.get_field("account")
            except FieldDoesNotExist:
                continue
            found[str(model._meta.model_name)] = model
    return found


def chosen(
    *,
    account_id: int,
    own_key: str,
    contracts: Collection[str],
    people: Collection[str],
    keys: Collection[str],
) -> Chosen:
    """What was chosen, if all of it belongs to the account. Three queries."""
    signed = dict(
        models.Contract.objects.filter(account=account_id, key__in=contracts).values_list("key", "pk")
    )
    stakes = models.Stakeholder.objects.filter(account=account_id, person__key__in=people)
    persons = dict(stakes.values_list("person__key", "person_id"))
    links = models.IdentityLink.objects.filter(identity.known(None), account=account_id)
    raw = set(links.values_list("key", flat=True))
    for asked, have, noun in (
        (contracts, signed, "contract"),
        (people, persons, "person"),
        (keys, raw, "key"),
    ):
        if missing := sorted(set(asked) - set(have)):
            raise errors.Invalid('The account has no %(noun)s "%(missing)s".', noun=noun, missing=missing[0])
    if own_key in keys:
        raise errors.Invalid('"%(own_key)s" is the account\'s own key: it stays.', own_key=own_key)
    wanted = {*keys, *(f"contract:{key}" for key in signed)}
    return Chosen(sorted(signed.values()), sorted(persons.values()), sorted(wanted & raw))


def deeds(*, account_id: int, seen_by: Scope) -> tuple[Deed, ...]:
    """What was changed about an account, latest first. Two queries."""
    mine = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    rows = models.Reorganisation.objects.filter(Q(source__in=mine) | Q(target__in=mine))
    found = rows.select_related("source", "target", "by").order_by("-pk")
    return tuple(
        Deed(
            number=row.pk,
            kind=row.kind,
            source=row.source.key,
            source_name=row.source.name,
            target="" if row.target is None else row.target.key,
            target_name="" if row.target is None else row.target.name,
            at=row.at,
            by="" if row.by is None else str(row.by),
            note=row.note,
            undone_at=row.undone_at,
            can_undo=row.undone_at is None and seen_by.may("accounts.assign"),
        )
        for row in found
    )


class Belongings(NamedTuple):
    """The raw keys that mean an account, and its people's e-mail domains."""

    keys: tuple[str, ...]
    domains: tuple[str, ...]


def belongings(*, account_id: int, seen_by: Scope) -> Belongings:
    """What means an account now. Two queries."""
    mine = accounts.visible(seen_by=seen_by).filter(pk=account_id)
    links = models.IdentityLink.objects.filter(identity.known(None), account__in=mine)
    owned = models.AccountDomain.objects.filter(account__in=mine).order_by("domain")
    return Belongings(
        tuple(links.order_by("key").values_list("key", flat=True)),
        tuple(owned.values_list("domain", flat=True)),
    )


def may_see(*, deed: models.Reorganisation, seen_by: Scope) -> bool:
    """Whether all accounts of a deed may be seen. One query."""
    both = {pk for pk in (deed.source_id, deed.target_id) if pk is not None}
    return accounts.visible(seen_by=seen_by).filter(pk__in=both).count() == len(both)


def refuse_unless_last(*, deed: models.Reorganisation) -> None:
    """Refuse while something that was done later with the same accounts stands. One query."""
    both = [pk for pk in (deed.source_id, deed.target_id) if pk is not None]
    later = models.Reorganisation.objects.filter(undone_at=None, pk__gt=deed.pk)
    if deed.kind == "move":
        later = later.filter(source=deed.source_id)
    else:
        later = later.exclude(kind="move").filter(Q(source__in=both) | Q(target__in=both))
    first = later.select_related("source").order_by("-pk").first()
    if first is not None:
        raise errors.Conflict(
            'Number %(pk)s (%(kind)s of "%(key)s") came later. Undo that one first.',
            pk=first.pk,
            kind=first.kind,
            key=first.source.key,
        )


def _seen(key: str, seen_by: Scope) -> models.Account:
    account = accounts.visible(seen_by=seen_by).filter(key=key).first()
    if account is None:
        raise errors.NotFound('There is no account "%(key)s".', key=key)
    return account


def _count(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect().item())


def _arr(contracts: "QuerySet[models.Contract]", on: date) -> tuple[Money, ...]:
    running = contracts.filter(Q(end_date=None) | Q(end_date__gt=on), start_date__lte=on).exclude(arr=None)
    return totals(
        Money(amount or Decimal(0), currency) for amount, currency in running.values_list("arr", "currency")
    )
