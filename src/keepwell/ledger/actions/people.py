"""Deeds on the customer's people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.ledger import models
from keepwell.ledger.actions import placements
from keepwell.ledger.actions.keeping_out import keeps_out
from keepwell.ledger.actions.upserts import Row, Verdict, put
from keepwell.ledger.queries import identity

PERSON = ("key", "name", "email", "fields")
STAKE = ("role", "title", "stance", "status")


@keeps_out("key", "email")
def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update people by `key`; with `account` also what they are to that account (role, title, stance, status).

    A row whose account is not known is refused. That a person belongs to an account is known from now on, or ever if the
    source vouches for it. Eleven queries for any number of rows.
    """
    with transaction.atomic():
        known = identity.resolve(row["account"] for row in rows if row.get("account"))
        unknown = {i for i, row in enumerate(rows) if row.get("account") and row["account"] not in known}
        good = [row for i, row in enumerate(rows) if i not in unknown]
        verdicts, _ = put(
            models.Person, [_only(row, PERSON) for row in good], source=source, says=lambda _: []
        )
        moved = _place(good, known, source, at, vouched)
        changed = sum(v.outcome != "unchanged" for v in verdicts)
        if changed or moved:
            audit.record(
                by=by, at=at, deed="person.upsert", subject=f"source:{source}", rows=max(changed, len(moved))
            )
    rest = iter(
        Verdict("updated") if v.outcome == "unchanged" and row["key"] in moved else v
        for v, row in zip(verdicts, good, strict=True)
    )
    return [_refusal(row["account"]) if i in unknown else next(rest) for i, row in enumerate(rows)]


def _only(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}


def _refusal(account: str) -> Verdict:
    return Verdict(
        "rejected", f'account "{account}" is not known. Import accounts first, then this row again.'
    )


def _place(
    rows: Sequence[Row], known: Mapping[str, int], source: str, at: datetime, vouched: bool
) -> set[str]:
    """Write what people are to their accounts; gives the keys of the people for whom that changed."""
    placed = [row for row in rows if row.get("account")]
    ids = dict(models.Person.objects.filter(key__in={r["key"] for r in placed}).values_list("key", "pk"))
    present = {
        (s.account_id, s.person_id): s for s in models.Stakeholder.objects.filter(person__in=ids.values())
    }
    changed: dict[tuple[int, int], models.Stakeholder] = {}
    moved: set[str] = set()
    new: list[tuple[int, int]] = []
    for row in placed:
        place = (known[row["account"]], ids[row["key"]])
        stake = present.get(place)
        if stake is None:
            stake = present[place] = models.Stakeholder(account_id=place[0], person_id=place[1])
            new.append(place)
        elif all(getattr(stake, name) == value for name, value in _only(row, STAKE).items()):
            continue
        for name, value in _only(row, STAKE).items():
            setattr(stake, name, value)
        changed[place] = stake
        moved.add(row["key"])
    # In one order, so that two transactions that share people cannot wait for each other.
    models.Stakeholder.objects.bulk_create(
        [changed[place] for place in sorted(changed)],
        update_conflicts=True,
        unique_fields=["account", "person"],
        update_fields=list(STAKE),
    )
    placements.begin(places=new, source=source, at=at, always=vouched)
    return moved
