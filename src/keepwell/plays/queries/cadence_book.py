"""The cadence of a book: how many accounts are met as often as is asked, which are not, and since when each is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from keepwell.access.scopes import Scope
from keepwell.health.queries import portfolio
from keepwell.health.queries.portfolio import Asked, Whose
from keepwell.kernel.errors import Invalid
from keepwell.kernel.money import Money
from keepwell.ledger.queries import accounts
from keepwell.plays.queries import cadences, outputs
from keepwell.plays.queries.cadences import StandingView

STATES = ("late", "kept", "unknown", "unasked")
AT_ONCE, BACK_DAYS = 500, 400


@dataclass(frozen=True)
class BookRow:
    """An account of a book, how it stands, and how many outputs of its phase are overdue."""

    key: str
    name: str
    band: str
    arr: Money | None
    standing: StandingView
    overdue: int


@dataclass(frozen=True)
class Counts:
    """How many accounts of a book stand how; of unasked ones nothing is asked."""

    kept: int = 0
    late: int = 0
    unknown: int = 0
    unasked: int = 0

    @property
    def share(self) -> float | None:
        """The share of the accounts that are kept among those of which it can be told; None where it is told of none."""
        told = self.kept + self.late
        return self.kept / told if told else None


def counts(of: Whose) -> Counts:
    """From the stored sums of the portfolio. Four queries."""
    found = portfolio.figures(of)
    told = dict.fromkeys(STATES, 0)
    for (state, _), worth in ({} if found is None else found.cadence).items():
        told[state] = told.get(state, 0) + worth.accounts
    return Counts(told["kept"], told["late"], told["unknown"], told["unasked"])


def page(
    *, of: Whose, state: str, seen_by: Scope, day: date, limit: int = 100, after: int = 0
) -> tuple[BookRow, ...]:
    """Accounts of a book in a state ("": all), the largest ARR first. Some 15 queries."""
    if state and state not in STATES:
        raise Invalid(
            '"%(state)s" is not known. Use one of %(listed)s.', state=state, listed=", ".join(STATES)
        )
    listed = portfolio.listed(of, Asked(cadence=state), limit=limit, after=after)
    return tuple(_rows(listed, seen_by, day))


def count(of: Whose, state: str, counts: Counts) -> int:
    """How many accounts of a book are in a state ("": all, also those that left); no query but for all."""
    return int(getattr(counts, state)) if state else portfolio.counted(of, Asked())


def each(*, of: Whose, state: str, seen_by: Scope, day: date) -> Sequence[BookRow]:
    """All of them."""
    found: list[BookRow] = []
    while rows := page(of=of, state=state, seen_by=seen_by, day=day, limit=AT_ONCE, after=len(found)):
        found += rows
    return found


def _rows(listed: Sequence[portfolio.Mover], seen_by: Scope, day: date) -> list[BookRow]:
    ids = accounts.ids_by_key([row.key for row in listed], seen_by=seen_by)
    bands = {ids[row.key]: row.band for row in listed if row.key in ids}
    stands = cadences.standings(account_ids=list(bands), bands=bands, day=day, back_days=BACK_DAYS)
    asked = outputs.of_accounts(situations={pk: one.situation for pk, one in stands.items()}, seen_by=seen_by)
    late = [one.account_id for one in asked if one.how == "overdue"]
    return [
        BookRow(row.key, row.name, row.band, row.arr, stands[ids[row.key]], late.count(ids[row.key]))
        for row in listed
        if row.key in ids
    ]
