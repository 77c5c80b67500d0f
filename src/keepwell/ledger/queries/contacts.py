"""How close we are to each person of an account, from when we met, what they declined and when they wrote: no mail is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from keepwell.access.scopes import Scope
from keepwell.ledger.queries import accounts

RECENT = timedelta(days=90)
SPAN = timedelta(days=730)
OFTEN = 4

_CONTACTS = """
    SELECT person, max(at) FILTER (WHERE what <> 'declined'),
        count(*) FILTER (WHERE what = 'met' AND at >= %(recent)s),
        count(*) FILTER (WHERE what = 'wrote' AND at >= %(recent)s),
        count(*) FILTER (WHERE what = 'declined' AND at >= %(recent)s)
    FROM (
        SELECT unnest(attended) AS person, held_at AS at, 'met' AS what FROM ledger_touchpoint
        WHERE account_id = %(account)s AND NOT declined AND held_at >= %(since)s AND held_at < %(until)s
        UNION ALL SELECT unnest(declined_by), held_at, 'declined' FROM ledger_touchpoint
        WHERE account_id = %(account)s AND held_at >= %(since)s AND held_at < %(until)s
        UNION ALL SELECT person.key, opened_at, 'wrote' FROM ledger_ticket
        JOIN ledger_person AS person ON person.id = person_id
        WHERE account_id = %(account)s AND opened_at >= %(since)s AND opened_at < %(until)s
        UNION ALL SELECT person.key, answered_at, 'wrote' FROM ledger_surveyanswer
        JOIN ledger_person AS person ON person.id = person_id
        WHERE account_id = %(account)s AND answered_at >= %(since)s AND answered_at < %(until)s
    ) AS contacts GROUP BY person
"""


@dataclass(frozen=True)
class Contact:
    """When a person was last in touch, and over the last ninety days how often they met us, wrote and declined."""

    last_at: datetime | None
    met: int
    wrote: int
    declined: int

    @property
    def strength(self) -> str:
        """strong: four exchanges or more in ninety days, more than were declined; steady: any; cooling: none since, or
        more declined than met; silent: nothing in the ninety days, nor declined."""
        exchanges = self.met + self.wrote
        if self.declined and self.declined > self.met:
            return "cooling"
        if not exchanges:
            return "silent"
        return "strong" if exchanges >= OFTEN else "steady"


NEVER = Contact(None, 0, 0, 0)


def of_account(*, account_id: int, seen_by: Scope, until: datetime) -> dict[str, Contact]:
    """The contacts of each person of an account up to a moment, by key, over two years. Two queries."""
    if not accounts.visible(seen_by=seen_by).filter(pk=account_id).exists():
        return {}
    given: dict[str, int | datetime] = {
        "account": account_id,
        "recent": until - RECENT,
        "since": until - SPAN,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONTACTS, given)
        return {person: Contact(*rest) for person, *rest in cursor.fetchall()}
