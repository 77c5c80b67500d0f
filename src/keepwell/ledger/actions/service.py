"""What upserts of rows that name an account, people and other rows by key have in common."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import ForeignKey

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.ledger import models
from keepwell.ledger.actions.keeping_out import keeps_out
from keepwell.ledger.actions.upserts import (
    Row,
    Verdict,
    homes,
    interleave,
    put,
    said_by,
    split_by_account,
    tell,
)
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import identity

Model = TypeVar("Model", bound=KeyedFact)


Amends = Callable[[Model, Row, datetime], Row]


class Upsert(Protocol):
    """Create or update the rows of one kind by `key`."""

    def __call__(
        self, *, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool
    ) -> list[Verdict]:
        """What became of each row."""


def upserting(model: type[Model], amends: Amends[Model] = lambda _, row, __: row) -> Upsert:
    """The deed of creating and updating rows of a model. `amends` gives a row what follows from it and what stands."""

    def deed(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
        return upsert(model, rows=rows, amends=amends, source=source, by=by, at=at, vouched=vouched)

    return deed


@keeps_out(
    "person", "asked_by", "confirmed_by", "invited", "attended", "declined_by", "asked_by", "confirmed_by"
)
def upsert(
    model: type[Model],
    *,
    rows: Sequence[Row],
    amends: Amends[Model],
    source: str,
    by: Scope,
    at: datetime,
    vouched: bool,
) -> list[Verdict]:
    """Upsert rows that name others by key. Nine queries, and one for each table named, for any number of rows.

    A person that is not known yet is not invented: the row keeps the key in `fields` and stands without a person. A row that
    names anything else that is not known is refused.
    """
    with transaction.atomic():
        good, refused = _placed(model, rows)
        good, refused = _joined(model, good, refused)
        verdicts, changes = put(
            model, good, source=source, says=said_by(model), amends=lambda one, row: amends(one, row, at)
        )
        keys = dict(models.Account.objects.filter(pk__in=homes(changes)).values_list("pk", "key"))
        tell(
            changes,
            account_key=lambda row: keys.get(getattr(row, "account_id", None) or 0, ""),
            left_key=keys.__getitem__,
            source=source,
            at=at,
            vouched=vouched,
        )
        if changes:
            deed = f"{model._meta.model_name}.upsert"
            audit.record(by=by, at=at, deed=deed, subject=f"source:{source}", rows=len(changes))
    return interleave(refused, verdicts)


def _placed(model: type[KeyedFact], rows: Sequence[Row]) -> tuple[list[Row], dict[int, Verdict]]:
    """Rows with the id of their account; tables of the whole company have none, and some rows of others neither."""
    if not hasattr(model, "account_id"):
        return list(rows), {}
    named = {row["account"] for row in rows if row.get("account")}
    known = identity.resolve(named) if named else {}
    return split_by_account(rows, known)


def _joined(
    model: type[KeyedFact], rows: Sequence[Row], refused: dict[int, Verdict]
) -> tuple[list[Row], dict[int, Verdict]]:
    """Rows with the other rows that they name in the place of their keys; those that name unknown ones are refused."""
    links: list[ForeignKey[Any, Any]] = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.name != "account"
    ]
    known = {link.name: _known(link, rows) for link in links}
    soft = {link.name for link in links if link.related_model is models.Person}
    places = [i for i in range(len(rows) + len(refused)) if i not in refused]
    found = [_join(row, known, soft) for row in rows]
    more = {place: row for place, row in zip(places, found, strict=True) if isinstance(row, Verdict)}
    return [row for row in found if not isinstance(row, Verdict)], refused | more


def _known(link: "ForeignKey[Any, Any]", rows: Sequence[Row]) -> dict[str, Any]:
    table: Any = link.related_model
    keys = {row[link.name] for row in rows if row.get(link.name)}
    return {each.key: each for each in table._default_manager.filter(key__in=keys)} if keys else {}


def _join(row: Row, known: Mapping[str, Mapping[str, Any]], soft: set[str]) -> Row | Verdict:
    joined = dict(row)
    for name, rows in known.items():
        if name not in row:
            continue
        key = row[name]
        joined[name] = rows.get(key) if key else None
        if name in soft:
            unknown = key if key and key not in rows else None
            joined["fields"] = {**joined.get("fields", {}), name: unknown}
        elif key and not _is_of(joined[name], row):
            return Verdict(
                "rejected",
                speech.english(
                    '%(name)s "%(key)s" is not known. Import that first, then this row again.',
                    name=name,
                    key=key,
                ),
            )
    return joined


def _is_of(named: Any, row: Row) -> bool:
    """Whether a row that is named stands, and in the same account if it belongs to one."""
    if named is None:
        return False
    account = getattr(named, "account_id", None)
    return account is None or account == row.get("account_id", account)


def person_key(row: Any, name: str = "person") -> str:
    """The key of the person that a row names, known or not."""
    person = getattr(row, name)
    return person.key if person else row.fields.get(name) or ""
