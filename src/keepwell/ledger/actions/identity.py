"""Deeds on identity: a key turns out to mean an account, or another key's person. Each holds from its moment on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex
from typing import NamedTuple

from django.db import connection, transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger import models
from keepwell.ledger.actions import events, links, people, placements
from keepwell.ledger.event import Event
from keepwell.ledger.queries import accounts as reads
from keepwell.ledger.queries import identity

LOCK = 0x6964656E  # one writer of aliases at a time, so that no two of them close a loop together


class Alias(NamedTuple):
    """A key that turns out to mean the person of another key.

    `firm`: said outright, so it also counts for a key that meant somebody else until now; otherwise that key stays.
    """

    key: str
    person: str
    firm: bool = True


def link(*, key: str, account: str, by: Scope, at: datetime) -> None:
    """Let a raw key mean an account from now on, also for what it said before."""
    by.require("accounts.assign")
    with transaction.atomic():
        found = reads.visible(seen_by=by).filter(key=account).first()
        if found is None:
            raise errors.NotFound('There is no account "%(account)s".', account=account)
        if not key.strip() or len(key) > 220:
            raise errors.Invalid("A key has 1 to 220 characters.")
        if key != account and models.Account.objects.filter(key=key).exists():
            raise errors.Conflict('"%(key)s" is an account of its own. Merge the two instead.', key=key)
        _refuse_hidden(key, by)
        concerned = links.put(accounts={key: found.pk}, reason="manual", at=at)
        if concerned:
            links.announce(account_ids=concerned, source="keepwell", at=at, why="link")
            audit.record(by=by, at=at, deed="identity.link", subject=f"key:{key}", account=account)


def unlink(*, key: str, by: Scope, at: datetime) -> None:
    """Undo a link that somebody made: the key means again what it meant before, or nothing."""
    by.require("accounts.assign")
    with transaction.atomic():
        _refuse_hidden(key, by)
        rows = models.IdentityLink.objects.select_for_update().filter(key=key)
        current = rows.filter(identity.known(None), reason="manual").first()
        if current is None:
            raise errors.NotFound('Nobody linked "%(key)s" by hand.', key=key)
        before = rows.filter(known_until=current.known_from).exclude(pk=current.pk).first()
        links.close(keys=[key], at=at)
        concerned = {current.account_id}
        if before is not None:
            concerned |= links.put(accounts={key: before.account_id}, reason=before.reason, at=at)
        links.announce(account_ids=concerned, source="keepwell", at=at, why="unlink")
        audit.record(by=by, at=at, deed="identity.unlink", subject=f"key:{key}")


def link_person(*, key: str, account: str, by: Scope, at: datetime) -> None:
    """Let a person whom nobody placed belong to an account, so that their events count there from now on."""
    by.require("accounts.assign")
    if reads.ids_by_key([account], seen_by=by).get(account) is None:
        raise errors.NotFound('There is no account "%(account)s".', account=account)
    if models.Placement.objects.filter(identity.known(None), person__key=key).exists():
        raise errors.Conflict('"%(key)s" belongs to an account already. Say it in People.', key=key)
    (verdict,) = people.upsert(
        rows=[{"key": key, "account": account}], source="keepwell", by=by, at=at, vouched=False
    )
    if verdict.outcome == "rejected":
        raise errors.Invalid(speech.recalled(verdict.reason))


def _refuse_hidden(key: str, by: Scope) -> None:
    """A key that means an account which the asker may not see is not the asker's to move."""
    meant = identity.resolve([key]).get(key)
    if meant is not None and not reads.visible(seen_by=by).filter(pk=meant).exists():
        raise errors.NotFound('"%(key)s" is not known.', key=key)


def alias(*, aliases: Sequence[Alias], source: str, at: datetime) -> list[str]:
    """Let keys mean other keys' people from now on; gives for each the reason why it was refused, or "".

    People who are not known are refused, and what would close a loop. A dozen queries for any number, more for long chains.
    """
    if not aliases:
        return []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        steps = identity.steps(keys={key for asked in aliases for key in asked[:2]})
        known = models.Person.objects.filter(key__in={asked.person for asked in aliases})
        people = dict(known.values_list("key", "pk"))
        new: dict[str, str] = {}
        reasons = [_taken(a, steps, people, new) for a in aliases]
        models.PersonAlias.objects.filter(identity.known(None), key__in=new).update(known_until=at)
        models.PersonAlias.objects.bulk_create(
            models.PersonAlias(key=key, person_id=people[person], linked_at=at, source=source, known_from=at)
            for key, person in sorted(new.items())
        )
        announce(keys=sorted({*new, *new.values()}), source=source, at=at)
    return reasons


def _taken(asked: Alias, steps: dict[str, str], people: dict[str, int], new: dict[str, str]) -> str:
    """Note the step if it can be taken; else say why not."""
    if asked.key == asked.person or steps.get(asked.key) == asked.person:
        return ""
    if asked.person not in people:
        return f'person "{asked.person}" is not known.'
    if not asked.firm and asked.key in steps:
        return ""
    if asked.key in _path(asked.person, steps):
        return f'"{asked.person}" already means "{asked.key}": the two would mean each other.'
    steps[asked.key] = new[asked.key] = asked.person
    return ""


def _path(key: str, steps: Mapping[str, str]) -> list[str]:
    path = [key]
    while path[-1] in steps and steps[path[-1]] not in path:
        path.append(steps[path[-1]])
    return path


def announce(*, keys: Sequence[str], source: str, at: datetime) -> None:
    """Say in the ledger that person keys began or ceased to mean somebody, so that numbers follow wherever they count."""
    everybody = models.Person.objects.filter(key__in=identity.raw_keys(of=keys)).values_list("pk", flat=True)
    placements.announce(person_ids=list(everybody), source=source, at=at)
    said = [
        Event(
            id=f"~identity:person:{token_hex(12)}",
            person=key,
            name="identity.linked",
            feature="~",
            at=at,
            source=source,
        )
        for key in keys
    ]
    events.append(events=said, received_at=at)
