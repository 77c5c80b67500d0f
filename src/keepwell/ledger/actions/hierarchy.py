"""Deeds on how accounts belong together: each from a day on, and known from its moment on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import errors, speech
from keepwell.ledger import models
from keepwell.ledger.actions.upserts import Row, Verdict
from keepwell.ledger.catalogue import HIERARCHIES
from keepwell.ledger.queries import accounts, identity
from keepwell.ledger.queries.hierarchy import DEFAULT

LOCK = 0x74726565  # one writer at a time, so that no two of them close a loop together


class Changed(NamedTuple):
    """The links that no longer hold, and those that hold from now on, by number."""

    ended: list[int]
    begun: list[int]


def place(
    *, child: str, parent: str | None, kind: str, since: date | None, by: Scope, at: datetime
) -> models.Reorganisation:
    """Put an account under another from a day on (None: always), or under none; the history is kept."""
    by.require("accounts.assign")
    if parent is None and since is None:
        raise errors.Invalid("Say from which day on the account stands alone.")
    with transaction.atomic():
        seen = {
            account.key: account for account in accounts.visible(seen_by=by).filter(key__in=[child, parent])
        }
        for key in filter(None, (child, parent)):
            if key not in seen:
                raise errors.NotFound('There is no account "%(key)s".', key=key)
        above = None if parent is None else seen[parent]
        changed = put(
            child=seen[child].pk, parent=None if above is None else above.pk, kind=kind, since=since, at=at
        )
        audit.record(
            by=by, at=at, deed="account.move", subject=f"account:{child}",
            parent=parent or "", kind=kind, since=str(since or ""),
        )  # fmt: skip
        return models.Reorganisation.objects.create(
            kind="move",
            source=seen[child],
            target=above,
            at=at,
            by_id=by.user_id,
            moved={"parents": changed._asdict()},
        )


def upsert(*, rows: Sequence[Row], source: str, by: Scope, at: datetime, vouched: bool) -> list[Verdict]:
    """Take in where accounts belong (account, parent, kind, since): "" as parent means under none from that day on.

    Some twelve queries a row that changes something.
    """
    known = identity.resolve(key for row in rows for key in (row["account"], row.get("parent")) if key)
    verdicts: list[Verdict] = []
    with transaction.atomic():
        for row in rows:
            verdicts.append(_upserted(row, known, at, vouched))
        if written := sum(verdict.outcome == "updated" for verdict in verdicts):
            audit.record(by=by, at=at, deed="parent.upsert", subject=f"source:{source}", rows=written)
    return verdicts


def _upserted(row: Row, known: Mapping[str, int], at: datetime, vouched: bool) -> Verdict:
    for key in filter(None, (row["account"], row.get("parent"))):
        if key not in known:
            return Verdict(
                "rejected",
                speech.english(
                    'account "%(key)s" is not known. Import accounts first, then this row again.', key=key
                ),
            )
    child, parent = known[row["account"]], known.get(row.get("parent") or "")
    kind, since = row.get("kind") or DEFAULT, row.get("since")
    if parent is None and since is None:
        return Verdict(
            "rejected",
            speech.english("parent and since are both empty: say from which day on it stands alone."),
        )
    links = models.ParentLink.objects.filter(identity.known(None), child=child, kind=kind)
    covers = (Q(since=None) if since is None else Q(since=None) | Q(since__lte=since)) & Q(until=None)
    present = links.filter(covers).first()
    if (present and present.parent_id) == parent:
        return Verdict("unchanged")
    try:
        put(child=child, parent=parent, kind=kind, since=since, at=at, always=vouched)
    except errors.Refused as refusal:
        return Verdict("rejected", str(refusal))
    return Verdict("updated")


def put(
    *, child: int, parent: int | None, kind: str, since: date | None, at: datetime, always: bool = False
) -> Changed:
    """Replace what was said from a day on; what was said of the days before stays. Refuses loops."""
    if kind not in HIERARCHIES:
        raise errors.Invalid(
            '"%(kind)s" is no kind of hierarchy. Use one of: %(listed)s.',
            kind=kind,
            listed=", ".join(HIERARCHIES),
        )
    if child == parent:
        raise errors.Invalid("An account cannot stand under itself.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        links = models.ParentLink.objects.filter(identity.known(None), child=child, kind=kind)
        later = links if since is None else links.filter(Q(until=None) | Q(until__gt=since))
        ended = list(later)
        ever = models.ParentLink.objects.filter(child=child, kind=kind).exists()
        later.update(known_until=at)
        new = [
            _copy(link, at, until=since)
            for link in ended
            if since and (link.since is None or link.since < since)
        ]
        if parent is not None:
            known_from = None if always and not ever else at
            new.append(
                models.ParentLink(
                    child_id=child, parent_id=parent, kind=kind, since=since, known_from=known_from
                )
            )
        begun = [link.pk for link in models.ParentLink.objects.bulk_create(new)]
        if parent is not None:
            _refuse_loop(child, parent, kind, since)
        return Changed([link.pk for link in ended], begun)


def _copy(link: models.ParentLink, at: datetime, **given: Any) -> models.ParentLink:
    return models.ParentLink(
        child_id=link.child_id,
        parent_id=link.parent_id,
        kind=link.kind,
        since=link.since,
        until=given.get("until", link.until),
        known_from=at,
    )


def _refuse_loop(child: int, parent: int, kind: str, since: date | None) -> None:
    """Walk up from the new parent through the days on which the new link holds; one query a level."""
    above: list[tuple[int, date | None, date | None]] = [(parent, since, None)]
    seen: set[tuple[int, date | None, date | None]] = set()
    while above:
        links = models.ParentLink.objects.filter(
            identity.known(None), kind=kind, child__in={a for a, _, _ in above}
        )
        by_child: dict[int, list[models.ParentLink]] = {}
        for link in links:
            by_child.setdefault(link.child_id, []).append(link)
        steps = {
            (link.parent_id, *both)
            for account, *span in above
            for link in by_child.get(account, ())
            if (both := _overlap(span[0], span[1], link.since, link.until)) is not None
        }
        for account, first, _ in steps:
            if account == child:
                keys = dict(models.Account.objects.filter(pk__in=(child, parent)).values_list("pk", "key"))
                raise errors.Invalid(
                    '"%(parent)s" already stands under "%(child)s" on %(day)s: the two would stand under each other.'
                    if first
                    else '"%(parent)s" already stands under "%(child)s": the two would stand under each other.',
                    parent=keys[parent],
                    child=keys[child],
                    day=first,
                )
        above = list(steps - seen)
        seen |= steps


def _overlap(
    since: date | None, until: date | None, other_since: date | None, other_until: date | None
) -> tuple[date | None, date | None] | None:
    first = max(filter(None, (since, other_since)), default=None)
    last = min(filter(None, (until, other_until)), default=None)
    return None if first and last and first >= last else (first, last)


def restore(*, changed: Mapping[str, Collection[int]], at: datetime) -> None:
    """What links said before a change holds again from now on. Refuses when something else was said since."""
    begun = models.ParentLink.objects.filter(identity.known(None), pk__in=changed["begun"])
    if begun.count() != len(changed["begun"]):
        raise errors.Conflict("Its place in the hierarchy changed since. Undo that change first.")
    begun.update(known_until=at)
    ended = models.ParentLink.objects.filter(pk__in=changed["ended"])
    models.ParentLink.objects.bulk_create([_copy(link, at) for link in ended])


def take_along(*, source: int, target: int, at: datetime) -> list[Changed]:
    """Hang what stands under an account under another from today on, and the account itself under none."""
    today = at.date()
    links = models.ParentLink.objects.filter(identity.known(None)).filter(Q(until=None) | Q(until__gt=today))
    own = {link.kind: link for link in links.filter(child=source)}
    changes = [put(child=source, parent=None, kind=kind, since=today, at=at) for kind in sorted(own)]
    for kind, link in sorted(own.items()):
        if (
            link.parent_id != target
            and not links.filter(child=target, kind=kind).exclude(parent=source).exists()
        ):
            changes.append(put(child=target, parent=link.parent_id, kind=kind, since=today, at=at))
    for link in links.filter(parent=source).order_by("pk"):
        parent = None if link.child_id == target else target
        changes.append(
            put(
                child=link.child_id,
                parent=parent,
                kind=link.kind,
                since=max(today, link.since or today),
                at=at,
            )
        )
    return changes
