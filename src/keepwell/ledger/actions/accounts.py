"""Deeds on accounts."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Lower

from keepwell.access.actions import audit
from keepwell.access.models import User
from keepwell.access.queries import users
from keepwell.access.roles import ROLES
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.kernel.moments import start_of
from keepwell.ledger import models
from keepwell.ledger.actions import attributes, domains, hand_overs, links, owners, reporting
from keepwell.ledger.actions.upserts import Change, Row, Said, Verdict, interleave, put, tell
from keepwell.ledger.queries import accounts, rates

FIGURES = ("arr_amount", "arr_currency", "renewal_date", "former")
RESTATED = FIGURES + reporting.STATED


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Create or update accounts by `key` (name, industry, country, tier, phase, since, tags, fields, owner).

    `owner` is the e-mail address of the CSM, or "" for nobody; a row that names somebody who cannot sign in is refused.

    A new account claims its key, so that earlier events that name it begin to count. Seven queries for any number of rows.
    """
    people = _owners(rows)
    refused = {
        i: Verdict(
            "rejected",
            speech.english(
                'owner "%(row)s" cannot sign in. Make one: keepwell user create %(row)s', row=row["owner"]
            ),
        )
        for i, row in enumerate(rows)
        if row.get("owner") and row["owner"].lower() not in people
    }
    taken = links.taken(keys={row["key"] for row in rows})
    refused |= {
        i: Verdict(
            "rejected",
            speech.english(
                '"%(row)s" already means the account "%(taken)s". Unlink it there first.',
                row=row["key"],
                taken=taken[row["key"]],
            ),
        )
        for i, row in enumerate(rows)
        if row["key"] in taken
    }
    good = [row for i, row in enumerate(rows) if i not in refused]
    noted = attributes.Noted()
    with transaction.atomic():
        named = [
            {k: v for k, v in row.items() if k not in ("owner", "domains") and (k != "name" or v)}
            for row in good
        ]
        verdicts, changes = put(
            models.Account,
            named,
            source=source,
            says=lambda account: _says(account, at),
            starts_as=lambda row: {"name": row["key"]},
            amends=noted.look,
        )
        created = [change.row for change in changes if change.created]
        _link(created, at)
        tell(
            changes,
            account_key=lambda account: account.key,
            left_key=str,
            source=source,
            at=at,
            vouched=vouched,
        )
        noted.tell(source=source, at=at)
        if changes:
            audit.record(by=by, at=at, deed="account.upsert", subject=f"source:{source}", **_counts(changes))
        _hand_over(good, people, by, at)
        declared = _declare(good, source, at)
    first = {row["key"]: i for i, row in reversed(list(enumerate(good))) if row["key"] in declared}
    known = [
        Verdict("updated") if verdict.outcome == "unchanged" and i == first.get(row["key"]) else verdict
        for i, (row, verdict) in enumerate(zip(good, verdicts, strict=True))
    ]
    return interleave(refused, known)


def _owners(rows: Sequence[Row]) -> dict[str, User]:
    """The people that rows name as owners, by e-mail address in lower case. One query if there are any."""
    asked = {row["owner"].lower() for row in rows if row.get("owner")}
    if not asked:
        return {}
    found = User.objects.annotate(lower=Lower("email")).filter(lower__in=asked, is_active=True)
    return {user.email.lower(): user for user in found}


def _hand_over(rows: Sequence[Row], people: Mapping[str, User], by: Scope, at: datetime) -> None:
    """Make the named people the CSMs of their accounts. Ten queries for any number of rows, two when all are already."""
    wanted = {
        row["key"]: people[row["owner"].lower()] if row["owner"] else None for row in rows if "owner" in row
    }
    if not wanted:
        return
    found = dict(models.Account.objects.filter(key__in=wanted).values_list("pk", "key"))
    asked = {(pk, "csm"): user.pk if (user := wanted[key]) else None for pk, key in found.items()}
    new = [found[account] for account, _ in owners.hand_over(wanted=asked, on=at.date())]
    if not new:
        return
    by.require("accounts.assign")
    subject = f"account:{new[0]}" if len(new) == 1 else "several"
    to = sorted({user.email for key in new if (user := wanted[key])})
    audit.record(
        by=by,
        at=at,
        deed="account.assign",
        subject=subject,
        role="csm",
        user=", ".join(to[:20]),
        rows=len(new),
    )


def _declare(rows: Sequence[Row], source: str, at: datetime) -> set[str]:
    """Take in the e-mail domains that rows name; gives the keys of the accounts whose domains changed."""
    told = {row["key"]: row["domains"] for row in rows if "domains" in row}
    ids = dict(models.Account.objects.filter(key__in=told).values_list("key", "pk")) if told else {}
    changed = domains.declare(domains={pk: told[key] for key, pk in ids.items()}, source=source, at=at)
    return {key for key, pk in ids.items() if pk in changed}


def _says(account: models.Account, at: datetime) -> list[Said]:
    born = start_of(account.since) if account.since else at
    if not account.since and "account.created" in account.event_ids:
        return []
    return [Said("account.created", born, props=json.dumps({"since": str(account.since or "")}))]


def _link(created: Sequence[models.Account], at: datetime) -> None:
    keyed = models.Account.objects.in_bulk([account.key for account in created], field_name="key")
    links.claim(accounts={key: account.pk for key, account in keyed.items()}, at=at)


def _counts(changes: Sequence[Change]) -> dict[str, int]:
    created = sum(change.created for change in changes)
    return {"created": created, "updated": len(changes) - created}


def assign(*, account: models.Account, user: User, role: str, by: Scope, at: datetime) -> None:
    """Make a person the account's owner in a role from today on; whoever was it before keeps the history."""
    by.require("accounts.assign")
    if role not in ROLES:
        raise errors.Invalid(
            '"%(role)s" is no role. Use one of: %(listed)s.', role=role, listed=", ".join(ROLES)
        )
    with transaction.atomic():
        if owners.hand_over(wanted={(account.pk, role): user.pk}, on=at.date()):
            subject = f"account:{account.key}"
            audit.record(by=by, at=at, deed="account.assign", subject=subject, role=role, user=user.email)


def assign_by_email(
    *, key: str, email: str, role: str, by: Scope, at: datetime, since: date | None = None
) -> None:
    """The same, named by the account's key and the person's e-mail address; perhaps from a day to come on."""
    account = accounts.visible(seen_by=by).filter(key=key).first()
    if account is None:
        raise errors.NotFound('There is no account "%(key)s".', key=key)
    user = users.by_email(email)
    if since is None or since == at.date():
        assign(account=account, user=user, role=role, by=by, at=at)
    else:
        hand_overs.plan(account_ids=[account.pk], user=user, role=role, since=since, by=by, at=at)


def restate(*, on: date, account_ids: Sequence[int] | None = None) -> None:
    """Restate ARR, renewal date and whether they left from the contracts as of a day. Five queries.

    An account whose active contracts are in several currencies has no ARR of its own; its sum in the reporting
    currency is stated as far as rates are known on that day.
    """
    if reporting.settle(on=on):
        account_ids = None
    begun = models.Contract.objects.filter(start_date__lte=on)
    restated = models.Account.objects.all()
    if account_ids is not None:
        begun, restated = begun.filter(account__in=account_ids), restated.filter(pk__in=account_ids)
    active = Q(end_date=None) | Q(end_date__gt=on)
    figures = {
        row["account"]: row
        for row in begun.values("account").annotate(
            active=Count("pk", filter=active),
            total=Sum("arr", filter=active),
            renewal=Min("end_date", filter=active),
            one=Min("currency", filter=active),
            other=Max("currency", filter=active),
            begun=Max("start_date"),
        )
    }
    parts = reporting.parts(begun.filter(active).values("account", "currency").annotate(total=Sum("arr")))
    known = rates.on(on, into=rates.reporting())
    changed = []
    for account in restated.only("pk", "left_at", "merged_into", *RESTATED).iterator(chunk_size=5000):
        new = _figures(figures.get(account.pk), account)
        new |= reporting.figures({} if new["former"] else parts.get(account.pk, {}), known)
        if any(getattr(account, name) != value for name, value in new.items()):
            for name, value in new.items():
                setattr(account, name, value)
            changed.append(account)
    models.Account.objects.bulk_update(changed, RESTATED, batch_size=1000)


def _figures(row: Mapping[str, Any] | None, account: models.Account) -> dict[str, Any]:
    left_at, merged = account.left_at, account.merged_into_id is not None
    left = merged or (left_at is not None and (row is None or row["begun"] <= left_at.date()))
    if row is None or not row["active"] or left:
        return dict(zip(FIGURES, (None, "", None, row is not None or left), strict=True))
    single = row["one"] == row["other"]
    arr = (row["total"], row["one"]) if single else (None, "")
    return dict(zip(FIGURES, (*arr, row["renewal"], False), strict=True))


def touched(*, last: dict[int, datetime]) -> None:
    """Note the last touchpoint of accounts, if it is later than what was known. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_account SET last_touch_at = last.at "
            "FROM unnest(%s::bigint[], %s::timestamptz[]) AS last (id, at) "
            "WHERE ledger_account.id = last.id AND (last_touch_at IS NULL OR last_touch_at < last.at)",
            [list(last), list(last.values())],
        )


def last_touches(*, account_ids: Sequence[int]) -> None:
    """Restate the last touchpoint of accounts from those that stand. One query, none for no accounts."""
    held = models.Touchpoint.objects.filter(account=OuterRef("pk"), declined=False).order_by("-held_at")
    models.Account.objects.filter(pk__in=account_ids).update(
        last_touch_at=Subquery(held.values("held_at")[:1])
    )
