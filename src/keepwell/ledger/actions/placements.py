"""Write which people belong to which accounts, from which day until which, each change known from its moment on."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from keepwell.ledger import models
from keepwell.ledger.actions import accounts
from keepwell.ledger.queries import identity

Place = tuple[int, int]  # account, person


def begin(
    *,
    places: Sequence[Place],
    source: str,
    at: datetime,
    always: bool,
    since: date | None = None,
    reason: str = "declared",
) -> None:
    """People belong to accounts, from a day on; one who is placed there already is left as they are. Five queries."""
    if not places:
        return
    open_now = models.Placement.objects.filter(identity.known(None), until=None)
    there = set(
        open_now.filter(person__in={person for _, person in places}).values_list("account_id", "person_id")
    )
    models.Placement.objects.bulk_create(
        models.Placement(
            account_id=account,
            person_id=person,
            since=since,
            known_from=None if always else at,
            reason=reason,
        )
        for account, person in sorted({*places} - there)
    )
    announce(person_ids={person for _, person in places}, source=source, at=at)


def announce(*, person_ids: Collection[int], source: str, at: datetime) -> None:
    """Events of these people that name no account may count, or cease to count, wherever they ever belonged."""
    everywhere = models.Placement.objects.filter(person__in=person_ids).values_list("account", flat=True)
    accounts.announce_links(account_ids=everywhere, source=source, at=at, why="people")
