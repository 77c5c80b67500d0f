"""Write which raw keys mean which account, each change from its moment on: what was known before stays as it was."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_hex

from django.db.models import Exists, OuterRef

from keepwell.ledger import models
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.queries import identity


def claim(*, accounts: Mapping[str, int], at: datetime) -> None:
    """Let new accounts' own keys mean them, always; a key that already means another account stays with it. One query."""
    rows = [
        models.IdentityLink(key=key, account_id=pk, linked_at=at, reason="own")
        for key, pk in sorted(accounts.items())
    ]
    models.IdentityLink.objects.bulk_create(rows, ignore_conflicts=True)


def taken(*, keys: Iterable[str]) -> dict[str, str]:
    """Keys that mean an account although they are no account's own, with the account's key. One query."""
    own = models.Account.objects.filter(key=OuterRef("key"))
    rows = models.IdentityLink.objects.filter(identity.known(None), ~Exists(own), key__in=set(keys))
    return dict(rows.values_list("key", "account__key"))


def put(*, accounts: Mapping[str, int], reason: str, at: datetime, always: bool = False) -> set[int]:
    """Let keys mean these accounts from now on; gives the accounts for which keys began or ceased to count.

    With `always` a key that never meant anything counts from the beginning of knowledge. Three queries.
    """
    meant = models.IdentityLink.objects.select_for_update().order_by("key").filter(key__in=accounts)
    current = {link.key: link for link in meant.filter(identity.known(None))}
    ever = set(meant.values_list("key", flat=True)) if always else set(accounts)
    moved = {key: pk for key, pk in accounts.items() if key not in current or current[key].account_id != pk}
    left = [current[key] for key in moved if key in current]
    models.IdentityLink.objects.filter(pk__in=[link.pk for link in left]).update(known_until=at)
    models.IdentityLink.objects.bulk_create(
        models.IdentityLink(
            key=key, account_id=pk, linked_at=at, reason=reason, known_from=at if key in ever else None
        )
        for key, pk in sorted(moved.items())
    )
    return {*moved.values(), *(link.account_id for link in left)}


def close(*, keys: Iterable[str], at: datetime) -> None:
    """From now on these keys mean nothing. One query."""
    models.IdentityLink.objects.filter(identity.known(None), key__in=list(keys)).update(known_until=at)


def announce(*, account_ids: Iterable[int], source: str, at: datetime, why: str) -> None:
    """Say in the ledger that raw keys began or ceased to count for accounts, so that their numbers follow.

    The event names the account by its number too: after a merger its key means another one.
    """
    named = models.Account.objects.filter(pk__in=set(account_ids)).order_by("pk").values_list("pk", "key")
    linked = [
        Event(
            id=f"~identity:{key}:{why}:{token_hex(8)}",
            account=key,
            name="identity.linked",
            feature=str(pk),
            at=at,
            source=source,
        )
        for pk, key in named
    ]
    events.append(events=linked, received_at=at)
