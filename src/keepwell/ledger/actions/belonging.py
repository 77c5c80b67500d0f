"""A person is taken off an account that they do not belong to, and put back as they were.

Both are known from their moment on: asked as known before, the person belonged there.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.ledger import models
from keepwell.ledger.actions import events, placements
from keepwell.ledger.event import Event
from keepwell.ledger.queries import accounts, identity

SOURCE = "keepwell"
KEPT = ("role", "roles", "title", "stance", "influence", "status")
Kept = Mapping[str, Any]


def take_off(*, person: str, account: str, by: Scope, at: datetime) -> dict[str, Any]:
    """They no longer belong there, and what was told of them there goes; gives what `put_back` needs, fit for JSON."""
    by.require("work.do")
    with transaction.atomic():
        stake = _stake(person, account, by)
        places = models.Placement.objects.filter(
            identity.known(None), account=stake.account, person=stake.person
        )
        below = models.Stakeholder.objects.filter(account=stake.account, reports_to=stake.person)
        told = Event(
            id=f"~person:{person}:person.removed:{token_hex(8)}",
            account=account,
            person=person,
            name="person.removed",
            at=at,
            source=SOURCE,
            props=json.dumps({"roles": stake.roles}),
        )
        kept = {name: getattr(stake, name) for name in KEPT} | {
            "person": person,
            "account": account,
            "status_since": _iso(stake.status_since),
            "reports_to": stake.reports_to.key if stake.reports_to else "",
            "below": list(below.order_by("pk").values_list("person__key", flat=True)),
            "places": [[_iso(row.since), _iso(row.until), row.reason] for row in places.order_by("pk")],
            "event": told.id,
        }
        below.update(reports_to=None)
        places.update(known_until=at)
        stake.delete()
        models.Person.objects.filter(pk=stake.person_id).update(
            event_ids=stake.person.event_ids | {told.id: told.id}
        )
        events.append(events=[told], received_at=at)
        placements.announce(person_ids=[stake.person_id], source=SOURCE, at=at)
        audit.record(by=by, at=at, deed="person.take_off", subject=f"person:{person}", account=account)
    return kept


def put_back(*, kept: Kept, by: Scope, at: datetime) -> None:
    """They belong there again, as before; that they were taken off no longer counts."""
    by.require("work.do")
    with transaction.atomic():
        home = accounts.visible(seen_by=by).filter(key=kept["account"]).first()
        who = models.Person.objects.select_for_update().filter(key=kept["person"]).first()
        if home is None or who is None:
            raise errors.NotFound("The person or the account is no longer there.")
        if models.Stakeholder.objects.filter(account=home, person=who).exists():
            raise errors.Conflict(
                '"%(key)s" belongs to "%(key2)s" again already.', key=who.key, key2=home.key
            )
        models.Stakeholder.objects.create(
            account=home,
            person=who,
            status_since=_day(kept["status_since"]),
            reports_to=models.Person.objects.filter(key=kept["reports_to"]).first(),
            **{name: kept[name] for name in KEPT},
        )
        models.Stakeholder.objects.filter(
            account=home, person__key__in=kept["below"], reports_to=None
        ).update(reports_to=who)
        for since, until, reason in kept["places"]:
            span = (_day(since), _day(until))
            placements.begin(
                places={(home.pk, who.pk): span}, source=SOURCE, at=at, always=False, reason=reason
            )
        who.event_ids.pop(kept["event"], None)
        models.Person.objects.filter(pk=who.pk).update(event_ids=who.event_ids)
        taken = events.Taken(kept["event"], home.key, who.key)
        events.retract(taken=[taken], source=SOURCE, received_at=at)
        audit.record(by=by, at=at, deed="person.put_back", subject=f"person:{who.key}", account=home.key)


def _stake(person: str, account: str, by: Scope) -> models.Stakeholder:
    home = accounts.visible(seen_by=by).filter(key=account)
    rows = models.Stakeholder.objects.select_for_update(of=("self",)).select_related(
        "person", "account", "reports_to"
    )
    found = rows.filter(person__key=person, account__in=home).first()
    if found is None:
        raise errors.NotFound(
            '"%(person)s" does not belong to "%(account)s".', person=person, account=account
        )
    return found


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
