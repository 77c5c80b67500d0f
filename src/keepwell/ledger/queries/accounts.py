"""Reads of accounts, scoped to who asks."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.kernel.money import Money
from keepwell.ledger import models


@dataclass(frozen=True)
class Owner:
    """Who of ours looks after an account, in which role."""

    name: str
    role: str


@dataclass(frozen=True)
class AccountView:
    """An account as a page or an answer shows it.

    `arr` is stated when its contracts share a currency, `arr_reporting` is in the currency that sums are told in.
    `next_manager` is who is its success manager from which day to come on, if that is said; of one account alone.
    """

    id: int
    key: str
    name: str
    industry: str
    country: str
    tier: str
    phase: str
    since: date | None
    tags: tuple[str, ...]
    arr: Money | None
    arr_parts: tuple[Money, ...]
    arr_reporting: Money | None
    arr_unknown: str | None
    renewal_date: date | None
    former: bool
    last_touch_at: datetime | None
    owners: tuple[Owner, ...]
    fields: dict[str, Any]
    merged_into: str = ""
    merged_at: datetime | None = None
    next_manager: tuple[str, date] | None = None


def visible(*, seen_by: Scope, owner_id: int | None = None) -> "QuerySet[models.Account]":
    """The accounts that the asker may see, perhaps only one owner's, as a query to build on inside the stages."""
    accounts = models.Account.objects.all()
    if not seen_by.everything:
        accounts = accounts.filter(pk__in=owned(seen_by.owner_ids))
    if owner_id is not None:
        accounts = accounts.filter(pk__in=owned([owner_id]))
    return accounts


def owned(user_ids: Collection[int]) -> "QuerySet[models.Ownership, Any]":
    """The accounts that people own now, as a query to build on inside the stages: without a pass over all accounts."""
    rows: QuerySet[models.Ownership, Any] = models.Ownership.objects.filter(until=None, user__in=user_ids)
    return rows.values("account")


def customers_on(accounts: "QuerySet[models.Account]", day: date) -> "QuerySet[models.Account]":
    """Those of the accounts whose contracts had not all ended by a day; without any contract they count."""
    begun = models.Contract.objects.filter(account=OuterRef("pk"), start_date__lte=day)
    active = begun.filter(Q(end_date=None) | Q(end_date__gt=day))
    return accounts.filter(~Exists(begun) | Exists(active))


def ended_on(day: date) -> "QuerySet[models.Contract, Any]":
    """The accounts that had contracts by a day of which none runs any more, as a query to build on: one pass over contracts."""
    runs = Count("pk", filter=Q(end_date=None) | Q(end_date__gt=day))
    begun = models.Contract.objects.filter(start_date__lte=day).order_by().values("account")
    found: QuerySet[models.Contract, Any] = begun.annotate(runs=runs).filter(runs=0).values("account")
    return found


def find(*, key: str, seen_by: Scope) -> AccountView:
    """One account by its key; what one may not see does not exist. Two queries."""
    ahead = models.HandOver.objects.filter(account=OuterRef("pk"), role="csm")
    told = {name: Subquery(ahead.values(name)[:1]) for name in ("user__name", "user__email", "since")}
    rows = visible(seen_by=seen_by).select_related("merged_into").filter(key=key)
    account = rows.annotate(**{f"ahead_{name}": value for name, value in told.items()}).first()
    if account is None:
        raise errors.NotFound('There is no account "%(key)s".', key=key)
    view = _view(account, owners({account.pk}).get(account.pk, ()))
    said = vars(account)
    day = said["ahead_since"]
    name = said["ahead_user__name"] or said["ahead_user__email"]
    return view if day is None else replace(view, next_manager=(name, day))


def require(*, key: str, seen_by: Scope) -> None:
    """Refuse an account that does not exist for the asker. One query."""
    if not visible(seen_by=seen_by).filter(key=key).exists():
        raise errors.NotFound('There is no account "%(key)s".', key=key)


def page(*, seen_by: Scope, search: str = "", after: str = "", limit: int = 100) -> tuple[AccountView, ...]:
    """Accounts by key, from the one after `after` on. Two queries."""
    rows = visible(seen_by=seen_by).select_related("merged_into").filter(key__gt=after).order_by("key")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(key__icontains=search))
    found = list(rows[:limit])
    owned = owners({account.pk for account in found})
    return tuple(_view(account, owned.get(account.pk, ())) for account in found)


def owners(account_ids: Collection[int]) -> dict[int, tuple[Owner, ...]]:
    """Present owners by account. One query."""
    found: dict[int, tuple[Owner, ...]] = {}
    rows = models.Ownership.objects.filter(account__in=account_ids, until=None).order_by("role", "pk")
    for account, role, name, email in rows.values_list("account", "role", "user__name", "user__email"):
        found[account] = (*found.get(account, ()), Owner(name or email, role))
    return found


@dataclass(frozen=True)
class OwnerSpan:
    """Who of ours looked after an account in a role, from a day until a day (None: still)."""

    role: str
    name: str
    email: str
    since: date
    until: date | None


def owner_history(*, account_id: int, seen_by: Scope) -> tuple[OwnerSpan, ...]:
    """Who looked after an account when, by role, latest first. One query."""
    rows = models.Ownership.objects.filter(account__in=visible(seen_by=seen_by).filter(pk=account_id))
    found = rows.select_related("user").order_by("role", "-since", "-pk")
    return tuple(OwnerSpan(row.role, str(row.user), row.user.email, row.since, row.until) for row in found)


def ids_by_key(keys: Collection[str], *, seen_by: Scope) -> dict[str, int]:
    """Account ids by key, for those that exist and may be seen."""
    return dict(visible(seen_by=seen_by).filter(key__in=keys).values_list("key", "pk"))


def names(*, keys: Collection[str], seen_by: Scope) -> dict[str, str]:
    """What accounts are called, by key, those that exist and may be seen. One query."""
    rows = visible(seen_by=seen_by).filter(key__in=keys)
    return {key: name or key for key, name in rows.values_list("key", "name")}


def suggested(text: str, *, seen_by: Scope, limit: int = 8) -> tuple[tuple[str, str], ...]:
    """(key, name) of accounts that somebody who types this may mean; merged ones are not among them. One query."""
    rows = visible(seen_by=seen_by).filter(Q(name__icontains=text) | Q(key__icontains=text), merged_into=None)
    return tuple(rows.order_by("name", "key").values_list("key", "name")[:limit])


def meant(text: str, *, seen_by: Scope) -> str:
    """The key of the account that was typed: by its key, or by a name that only one has; else the text. One query."""
    if not text or "\x00" in text:
        return text
    rows = visible(seen_by=seen_by).filter(Q(key=text) | Q(name__iexact=text))
    found = dict(rows.values_list("key", "merged_into")[:3])
    present = [key for key, merged_into in found.items() if merged_into is None]
    return present[0] if text not in found and len(present) == 1 else text


def known_until(
    *, account_id: int, seen_by: Scope, known_by: datetime | None = None
) -> tuple[bool, datetime | None]:
    """Whether an account may be seen, and until when what was learned of it counts. One query.

    That is `known_by`, or when it was merged into another if that was sooner; None: all that is known now.
    """
    found = visible(seen_by=seen_by).filter(pk=account_id).values_list("merged_at").first()
    if found is None:
        return False, None
    return True, min((moment for moment in (found[0], known_by) if moment is not None), default=None)


def keys_by_id(*, seen_by: Scope) -> dict[int, tuple[str, str]]:
    """(key, name) by id, of all accounts that may be seen. One query."""
    return {pk: (key, name) for pk, key, name in visible(seen_by=seen_by).values_list("pk", "key", "name")}


def book(*, seen_by: Scope, owner_id: int | None = None) -> list[str]:
    """The keys of present customers, of all or of one owner, ordered. One query."""
    found = visible(seen_by=seen_by, owner_id=owner_id).filter(former=False, merged_into=None)
    return list(found.order_by("key").values_list("key", flat=True))


def count(*, seen_by: Scope) -> int:
    """How many accounts may be seen."""
    return visible(seen_by=seen_by).count()


def owns_some(*, user_id: int) -> bool:
    """Whether a person owns any account at present."""
    return models.Ownership.objects.filter(user=user_id, until=None).exists()


def _view(account: models.Account, owned: tuple[Owner, ...]) -> AccountView:
    return AccountView(
        id=account.pk,
        key=account.key,
        name=account.name,
        industry=account.industry,
        country=account.country,
        tier=account.tier,
        phase=account.phase,
        since=account.since,
        tags=tuple(account.tags),
        arr=arr_of(account),
        arr_parts=arr_parts(account),
        arr_reporting=arr_reporting(account),
        arr_unknown=arr_unknown(account),
        renewal_date=account.renewal_date,
        former=account.former,
        last_touch_at=account.last_touch_at,
        owners=owned,
        fields=account.fields,
        merged_into="" if account.merged_into is None else account.merged_into.key,
        merged_at=account.merged_at,
    )


def arr_of(account: models.Account) -> Money | None:
    """The account's ARR, if its active contracts state one in one currency."""
    return None if account.arr_amount is None else Money(account.arr_amount, account.arr_currency)


def arr_parts(account: models.Account) -> tuple[Money, ...]:
    """The account's ARR as signed: one amount a currency."""
    return tuple(Money(Decimal(amount), currency) for currency, amount in sorted(account.arr_parts.items()))


def arr_reporting(account: models.Account) -> Money | None:
    """The account's ARR in the reporting currency; None without contracts that state one, or without a rate."""
    if account.arr_reporting is None:
        return None
    return Money(account.arr_reporting, account.reporting_currency)


def arr_unknown(account: models.Account) -> str | None:
    """Why the ARR in the reporting currency is not known; None when it is."""
    if account.arr_reporting is not None:
        return None
    if not account.arr_unrated:
        return speech.told("no active contract states an ARR")
    return speech.told(
        "no exchange rate from %(listed)s to %(reporting_currency)s is known yet",
        listed=", ".join(account.arr_unrated),
        reporting_currency=account.reporting_currency,
    )


def everybody() -> list[int]:
    """The ids of all accounts, for stages that compute for everybody. One query."""
    return list(models.Account.objects.order_by("pk").values_list("pk", flat=True))


def keys_of(account_ids: Collection[int]) -> list[str]:
    """The keys of some accounts, in order. One query."""
    rows = models.Account.objects.filter(pk__in=account_ids)
    return list(rows.order_by("key").values_list("key", flat=True))
