"""Rows of facts of any table as their fields say them, scoped to who asks: what one may not see does not exist."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.db.models import F, Func, Q, QuerySet, TextField

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.moments import parse_day, parse_moment
from keepwell.ledger import models
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import accounts

PERSON = ("key", "name", "email")


@dataclass(frozen=True)
class Record:
    """One row: `values` by field, `fields` the custom ones; `account` is a key, empty where it belongs to none."""

    key: str
    account: str
    account_name: str
    source: str
    values: Mapping[str, Any]
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which rows: those with these keys (None: any), of an account, with a text in them, after a key.

    With `newest`, a field of a day or moment, the latest come first, and `after` is the cursor of a row.
    """

    keys: Collection[str] | None = None
    account: str = ""
    search: str = ""
    search_in: Sequence[str] = ("key",)
    after: str = ""
    limit: int | None = None
    newest: str = ""


class Read(Protocol):
    """Reads rows of a table."""

    def __call__(
        self, model: type[KeyedFact], *, names: Sequence[str], asked: Asked, seen_by: Scope
    ) -> list[Record]:
        """The rows by key, with the fields `names`."""


def read(model: type[KeyedFact], *, names: Sequence[str], asked: Asked, seen_by: Scope) -> list[Record]:
    """Rows of one table by key. One query, two when an account is asked for."""
    columns = {f.name: f for f in model._meta.concrete_fields}
    joined = [name for name in names if name in columns and columns[name].is_relation]
    rows = chosen(model, asked=asked, seen_by=seen_by).select_related(*joined)
    return [_record(row, names, frozenset(joined)) for row in rows]


def chosen(model: type[KeyedFact], *, asked: Asked, seen_by: Scope) -> "QuerySet[Any]":
    """The rows that are asked for, by key, as a query to build on."""
    rows = visible(model, seen_by=seen_by)
    if asked.account:
        rows = rows.filter(account=account_id(asked.account, seen_by=seen_by))
    return narrowed(rows, asked)


def narrowed(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    """Those of the rows with the keys and the text that are asked for, from the one after `after` on."""
    if asked.keys is not None:
        rows = rows.filter(key__in=asked.keys)
    if asked.search:
        rows = rows.filter(_any(Q(**{f"{name}__icontains": asked.search}) for name in asked.search_in))
    if asked.newest:
        rows = _older(rows, asked).order_by(F(asked.newest).desc(nulls_last=True), "key")
    else:
        rows = (rows.filter(key__gt=asked.after) if asked.after else rows).order_by("key")
    return rows if asked.limit is None else rows[: asked.limit]


def cursor(record: Record, *, newest: str) -> str:
    """Where a row stands in a list with the newest first: its day or moment (none: at the end), then its key."""
    when = record.values.get(newest)
    return f"{when.isoformat() if when else ''}|{record.key}"


def _older(rows: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
    if not asked.after:
        return rows
    when, _, key = asked.after.partition("|")
    later_key, undated = Q(key__gt=key), Q(**{asked.newest: None})
    if not when:
        return rows.filter(undated & later_key)
    day = rows.model._meta.get_field(asked.newest).get_internal_type() == "DateField"
    at = parse_day(when) if day else parse_moment(when)
    return rows.filter(Q(**{f"{asked.newest}__lt": at}) | undated | (Q(**{asked.newest: at}) & later_key))


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def visible(model: type[KeyedFact], *, seen_by: Scope) -> "QuerySet[Any]":
    """The rows that the asker may see: of visible accounts; of no account, for every colleague."""
    rows: QuerySet[Any] = model._default_manager.all()
    if seen_by.everything:
        return rows
    if not seen_by.owner_ids:
        return rows.none()
    seen = accounts.visible(seen_by=seen_by)
    if model is models.Account:
        return seen
    if model is models.Person:
        return rows.filter(pk__in=models.Stakeholder.objects.filter(account__in=seen).values("person"))
    columns = {f.name: f for f in model._meta.concrete_fields}
    if "account" not in columns:
        return rows
    mine = Q(account__in=seen)
    return rows.filter(mine | Q(account=None)) if columns["account"].null else rows.filter(mine)


def account_id(key: str, *, seen_by: Scope) -> int:
    """The account with a key, if it may be seen. One query."""
    found = accounts.ids_by_key([key], seen_by=seen_by)
    if key not in found:
        raise errors.NotFound('There is no account "%(key)s".', key=key)
    return found[key]


def custom_fields(model: type[KeyedFact], *, seen_by: Scope) -> list[str]:
    """The names of custom fields that rows have. One query."""
    rows = visible(model, seen_by=seen_by)
    key = Func(F("fields"), function="jsonb_object_keys", output_field=TextField())
    names = rows.order_by().annotate(custom=key)
    return sorted(set(names.values_list("custom", flat=True)))


def _record(row: Any, names: Sequence[str], joined: frozenset[str]) -> Record:
    values = {name: _value(row, name, joined) for name in names}
    account = row.account if "account" in joined else None
    return Record(
        key=row.key,
        account=account.key if account else "",
        account_name=account.name if account else "",
        source=row.source,
        values=values,
        fields={name: value for name, value in row.fields.items() if name not in joined},
    )


def _value(row: Any, name: str, joined: frozenset[str]) -> Any:
    value = getattr(row, name)
    if name not in joined:
        return value
    # A person that is not known yet is kept by key among the custom fields.
    return value.key if value is not None else row.fields.get(name)


def read_accounts(
    model: type[KeyedFact], *, names: Sequence[str], asked: Asked, seen_by: Scope
) -> list[Record]:
    """Accounts with their CSM and the terms that their own row told. Four queries."""
    if asked.account:
        asked = replace(asked, account="", keys=[asked.account])
    rows = list(chosen(model, asked=asked, seen_by=seen_by))
    csms = dict(
        models.Ownership.objects.filter(account__in=rows, role="csm", until=None).values_list(
            "account", "user__email"
        )
    )
    own = {row.key: f"account:{row.key}" for row in rows}
    terms = models.Contract.objects.in_bulk(list(own.values()), field_name="key")
    known = domains(row.pk for row in rows) if "domains" in names else {}
    return [
        _account(row, names, csms.get(row.pk), terms.get(own[row.key]), known.get(row.pk, [])) for row in rows
    ]


def domains(account_ids: Iterable[int]) -> dict[int, list[str]]:
    """The e-mail domains of accounts. One query."""
    found: dict[int, list[str]] = {}
    rows = models.AccountDomain.objects.filter(account__in=list(account_ids)).order_by("domain")
    for account, domain in rows.values_list("account", "domain"):
        found.setdefault(account, []).append(domain)
    return found


def _account(
    row: Any, names: Sequence[str], owner: str | None, terms: models.Contract | None, theirs: list[str]
) -> Record:
    told: dict[str, Any] = {
        "domains": theirs,
        "owner": owner,
        "arr": terms.arr if terms else None,
        "currency": terms.currency if terms else None,
        "renewal_date": terms.end_date if terms else None,
    }
    values = {name: told[name] if name in told else getattr(row, name) for name in names}
    return Record(row.key, row.key, row.name, row.source, values, row.fields)


def read_owners(
    model: type[KeyedFact], *, names: Sequence[str], asked: Asked, seen_by: Scope
) -> list[Record]:
    """Owners, each by e-mail address. One query, two when an account is asked for."""
    rows = chosen(model, asked=asked, seen_by=seen_by).select_related("account", "user")
    return [
        Record(
            key=row.key,
            account=row.account.key,
            account_name=row.account.name,
            source=row.source,
            values={name: _of_owner(row, name) for name in names},
            fields=row.fields,
        )
        for row in rows
    ]


def _of_owner(row: models.Ownership, name: str) -> Any:
    named = {"account": row.account.key, "user": row.user.email}
    return named[name] if name in named else getattr(row, name)


def read_people(
    model: type[KeyedFact], *, names: Sequence[str], asked: Asked, seen_by: Scope
) -> list[Record]:
    """People, once for each visible account that they stand in; `limit` counts people. Two queries."""
    stakes = models.Stakeholder.objects.all()
    people = visible(model, seen_by=seen_by)
    if asked.account:
        stakes = stakes.filter(account=account_id(asked.account, seen_by=seen_by))
        people = people.filter(pk__in=stakes.values("person"))
    elif not seen_by.everything:
        stakes = stakes.filter(account__in=accounts.visible(seen_by=seen_by))
    found = list(narrowed(people, asked))
    places: dict[int, list[models.Stakeholder]] = {person.pk: [] for person in found}
    for stake in (
        stakes.filter(person__in=found).select_related("account", "reports_to").order_by("account__key")
    ):
        places[stake.person_id].append(stake)
    nowhere: list[models.Stakeholder | None] = [None]
    return [_person(row, stake, names) for row in found for stake in (places[row.pk] or nowhere)]


def _person(row: models.Person, stake: models.Stakeholder | None, names: Sequence[str]) -> Record:
    account = stake.account if stake else None
    values = {
        name: getattr(row, name) if name in PERSON else _stands(stake, name)
        for name in names
        if name != "account"
    }
    return Record(
        key=row.key,
        account=account.key if account else "",
        account_name=account.name if account else "",
        source=row.source,
        values=values | ({"account": account.key if account else None} if "account" in names else {}),
        fields=row.fields,
    )


def _stands(stake: models.Stakeholder | None, name: str) -> Any:
    """What a person is in an account; whom they report to by key."""
    value = getattr(stake, name, None)
    return value.key if isinstance(value, models.Person) else value
