"""From which day new terms of a contract hold, and which of its events they take the place of."""

from collections.abc import Sequence
from datetime import date, datetime

from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions.upserts import Row

TERMS = (
    "product", "products", "arr", "currency", "seats", "limits", "start_date", "end_date", "signed_at",
    "auto_renew", "notice_days", "term_months",
)  # fmt: skip
SIGNED, CHANGED = "contract.signed", "contract.changed"


class Tellings:
    """What rows tell of contracts at a moment, while they are taken in: since when the terms of each hold.

    `changed` are the keys of those with other terms, `anew` of those whose terms hold from the beginning.
    """

    def __init__(self, effective: Sequence[tuple[str, date]], at: datetime) -> None:
        self._effective = dict(effective)
        self._at = at
        self._former: dict[str, date | None] = {}
        self.changed: set[str] = set()
        self.anew: set[str] = set()

    def amended(self, contract: models.Contract, row: Row) -> Row:
        """The row with the day from which its terms hold, where they are new or that day is."""
        if contract._state.adding:
            return row
        told = self._effective.get(contract.key)
        if any(name in row and getattr(contract, name) != row[name] for name in TERMS):
            since = told or self._since(contract, row)
        elif told is not None and contract.terms_since not in (None, told):
            since = told
            self._former[contract.key] = contract.terms_since
        else:
            return row
        self.changed.add(contract.key)
        if told is not None and _is_from_beginning(contract, since):
            self.anew.add(contract.key)
            return {**row, "terms_since": None}
        return {**row, "terms_since": since}

    def _since(self, contract: models.Contract, row: Row) -> date:
        """A renewal counts from its start; terms that last longer than those that ended, from that end; others from now."""
        start: date = row.get("start_date", contract.start_date)
        end: date | None = row.get("end_date", contract.end_date)
        before, today = contract.end_date, self._at.date()
        if before and start > contract.start_date and start >= before:
            return start
        if before and before <= today and start == contract.start_date and (end is None or end > before):
            return before
        return max(today, contract.terms_since or today)

    def moment(self, contract: models.Contract) -> datetime:
        """When the terms of a changed contract began to hold."""
        since = contract.terms_since
        return self._at if since is None or since == self._at.date() else start_of(since)

    def replaced(self, contract: models.Contract) -> list[str]:
        """Take from a contract the events of what was told of that day or later, all if it is told anew; gives their ids."""
        moment, former = self.moment(contract), self._former.get(contract.key)
        since = min(moment, start_of(former)) if former else moment
        anew = contract.key in self.anew
        gone = [label for label in contract.event_ids if anew or _is_later(label, since)]
        return [contract.event_ids.pop(label) for label in gone]


def _is_from_beginning(contract: models.Contract, since: date) -> bool:
    """Whether a day is not after the signing; where an earlier version did not note it, its start if it never changed."""
    when = next((label.partition(":")[2] for label in contract.event_ids if label.startswith(SIGNED)), "")
    if when:
        return start_of(since) <= datetime.fromisoformat(when)
    changed = any(label.startswith(CHANGED) for label in contract.event_ids)
    return not changed and since <= contract.start_date


def _is_later(label: str, since: datetime) -> bool:
    name, _, when = label.partition(":")
    return name == CHANGED and datetime.fromisoformat(when) >= since
