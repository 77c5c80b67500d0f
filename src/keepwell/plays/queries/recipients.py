"""Who should hear of a signal: who holds the rule's role for the account, else whoever is next in line."""

from collections.abc import Collection

from keepwell.access.models import User
from keepwell.ledger.models import Ownership
from keepwell.plays.alarms import LAST_RESORTS, NEXT_IN_LINE
from keepwell.signals.models import Firing

Whom = dict[int, dict[int, str]]


def of(firings: Collection[Firing]) -> Whom:
    """By firing, the people who should hear of it, each with the role by which; nobody where there is nobody. Three queries."""
    wanted = _owners_wanted(firings)
    held = _held({firing.account_id for firing in firings})
    by_role = _last_resorts() if any(not _owner(held, firing, wanted) for firing in firings) else {}
    return {firing.pk: _owner(held, firing, wanted) or by_role for firing in firings}


def _owners_wanted(firings: Collection[Firing]) -> dict[int, str]:
    """By version, the role whose work its signals are; a version is read once."""
    return {firing.version_id: firing.version.definition["owner"] for firing in firings}


def _held(accounts: Collection[int]) -> dict[tuple[int, str], int]:
    rows = Ownership.objects.filter(account__in=accounts, until=None, user__is_active=True)
    return {(account, role): user for account, role, user in rows.values_list("account", "role", "user")}


def _owner(held: dict[tuple[int, str], int], firing: Firing, wanted: dict[int, str]) -> dict[int, str]:
    for role in (wanted[firing.version_id], NEXT_IN_LINE):
        user = held.get((firing.account_id, role))
        if user is not None:
            return {user: role}
    return {}


def _last_resorts() -> dict[int, str]:
    """All of the first of these roles that anybody has."""
    people = User.objects.filter(is_active=True, role__in=LAST_RESORTS).values_list("pk", "role")
    by_role: dict[str, dict[int, str]] = {}
    for user, role in people:
        by_role.setdefault(role, {})[user] = role
    return next((by_role[role] for role in LAST_RESORTS if role in by_role), {})
