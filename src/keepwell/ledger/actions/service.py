"""What upserts of an account's dated rows (tickets, answers, touchpoints) have in common."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions.keeping_out import keeps_out
from keepwell.ledger.actions.upserts import Row, Said, Verdict, homes, interleave, put, split_by_account, tell
from keepwell.ledger.models.base import KeyedFact
from keepwell.ledger.queries import identity

Model = TypeVar("Model", bound=KeyedFact)


@keeps_out("person", "invited", "attended", "declined_by")
def upsert(
    model: type[Model],
    *,
    rows: Sequence[Row],
    says: Callable[[Model], list[Said]],
    source: str,
    by: Scope,
    at: datetime,
    vouched: bool,
) -> list[Verdict]:
    """Upsert rows that name an account, and perhaps a person, by key. Nine queries for any number of rows.

    A person that is not known yet is not invented: the row keeps the key in `fields` and stands without a person.
    """
    with transaction.atomic():
        good, refused = split_by_account(rows, identity.resolve(row["account"] for row in rows))
        verdicts, changes = put(model, _with_people(good), source=source, says=says)
        keys = dict(models.Account.objects.filter(pk__in=homes(changes)).values_list("pk", "key"))
        tell(
            changes,
            account_key=lambda row: keys[row.account_id],
            left_key=keys.__getitem__,
            source=source,
            at=at,
            vouched=vouched,
        )
        if changes:
            deed = f"{model._meta.model_name}.upsert"
            audit.record(by=by, at=at, deed=deed, subject=f"source:{source}", rows=len(changes))
    return interleave(refused, verdicts)


def _with_people(rows: Sequence[Row]) -> list[Row]:
    keys = {row["person"] for row in rows if row.get("person")}
    people = {p.key: p for p in models.Person.objects.filter(key__in=keys)} if keys else {}
    return [_with_person(row, people) for row in rows]


def _with_person(row: Row, people: Mapping[str, models.Person]) -> dict[str, Any]:
    rest = {name: value for name, value in row.items() if name != "person"}
    if not row.get("person"):
        return rest
    person = people.get(row["person"])
    if person is None:
        return rest | {"fields": {**row.get("fields", {}), "person": row["person"]}}
    return rest | {"person": person}
