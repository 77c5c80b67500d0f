"""What is said of an account changes: the ledger keeps from what to what, so that past days can be asked."""

import json
from datetime import datetime
from typing import Any

from keepwell.kernel.cells import as_cell
from keepwell.ledger.actions import events
from keepwell.ledger.actions.upserts import Row, news
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account

KEPT = ("name", "industry", "country", "tier", "phase", "tags")
FIELD = "field."


class Noted:
    """The changes that rows bring, looked at while they are put in and told afterwards."""

    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], tuple[Any, Any]] = {}

    def look(self, account: Account, row: Row) -> Row:
        """Note what the row changes in an account that stands already; the row stays as it is."""
        if account._state.adding:
            return row
        for name in KEPT:
            if name in row and row[name] != getattr(account, name):
                self._note(account.key, name, getattr(account, name), row[name])
        for name, value in news(account.fields, row.get("fields", {})).items():
            if value != account.fields.get(name):
                self._note(account.key, FIELD + name, account.fields.get(name), value)
        return row

    def _note(self, key: str, name: str, before: Any, after: Any) -> None:
        first = self._changes.get((key, name), (before, after))[0]
        self._changes[key, name] = (first, after)

    def tell(self, *, source: str, at: datetime) -> None:
        """Append what was noted: one event for each attribute that is another now."""
        told = [
            Event(
                id=f"~account:{key}:changed:{name}:{at.isoformat()}",
                name="account.changed",
                account=key,
                feature=name,
                at=at,
                source=source,
                props=json.dumps({"from": _plain(before), "to": _plain(after)}),
            )
            for (key, name), (before, after) in self._changes.items()
            if before != after
        ]
        events.append(events=told, received_at=at)


def _plain(value: Any) -> Any:
    return value if isinstance(value, list | bool | int | float | str) or value is None else as_cell(value)
