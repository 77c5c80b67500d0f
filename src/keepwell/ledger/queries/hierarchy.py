"""Where accounts belong, as of any day, as known now or then."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import polars as pl
from django.db import connection
from django.db.models import F, Q, Sum

from keepwell.access.scopes import Scope
from keepwell.kernel.money import Money
from keepwell.ledger import models
from keepwell.ledger.catalogue import HIERARCHIES
from keepwell.ledger.queries import accounts, identity, rates

DEFAULT = "commercial"

# What holds on a day, as known before a moment.
_HELD = """
    (since IS NULL OR since <= %(day)s) AND (until IS NULL OR until > %(day)s)
    AND CASE WHEN %(known_by)s::timestamptz IS NULL THEN known_until IS NULL ELSE
        (known_from IS NULL OR known_from < %(known_by)s)
        AND (known_until IS NULL OR known_until >= %(known_by)s) END
"""
# The links of one kind that hold on a day as known before a moment; from one account up to its top, then all below it.
_TREE = """
    WITH RECURSIVE held AS (
        SELECT child_id, parent_id FROM ledger_parentlink
        WHERE kind = %(kind)s AND HELD
    ), up AS (
        SELECT %(account)s::bigint AS id, 0 AS height
        UNION ALL SELECT held.parent_id, up.height + 1 FROM up JOIN held ON held.child_id = up.id
    ), down AS (
        SELECT id, NULL::bigint AS parent_id, 0 AS depth FROM (SELECT id FROM up ORDER BY height DESC LIMIT 1) AS top
        UNION ALL SELECT held.child_id, held.parent_id, down.depth + 1 FROM down JOIN held ON held.parent_id = down.id
    )
    SELECT id, parent_id FROM down ORDER BY depth, id
""".replace("HELD", _HELD)

_PLACE = """
    WITH RECURSIVE up AS (
        SELECT kind, parent_id AS id, 1 AS height FROM ledger_parentlink WHERE child_id = %(account)s AND HELD
        UNION ALL SELECT link.kind, link.parent_id, up.height + 1 FROM up
        JOIN ledger_parentlink AS link ON link.child_id = up.id AND link.kind = up.kind WHERE HELD
    )
    SELECT kind, id, height FROM up
    UNION ALL SELECT kind, NULL, count(*) FROM ledger_parentlink WHERE parent_id = %(account)s AND HELD GROUP BY kind
""".replace("HELD", _HELD)


@dataclass(frozen=True)
class Node:
    """An account in the tree: its own ARR, and that of itself with all below it, by currency.

    `total` is the sum below in the reporting currency; None while a currency has no rate.
    """

    id: int
    key: str
    name: str
    depth: int
    parent: str | None
    arr: tuple[Money, ...]
    arr_below: tuple[Money, ...]
    total: Money | None
    below: int


@dataclass(frozen=True)
class Tree:
    """All that belongs together with one account, the top first, each followed by what stands below it."""

    kind: str
    as_of: date
    nodes: tuple[Node, ...]

    def above(self, key: str) -> tuple[Node, ...]:
        """From the top down to an account's parent."""
        by_key = {node.key: node for node in self.nodes}
        path: list[Node] = []
        parent = by_key[key].parent if key in by_key else None
        while parent is not None:
            path.append(by_key[parent])
            parent = by_key[parent].parent
        return tuple(reversed(path))

    def children(self, key: str) -> tuple[Node, ...]:
        """What stands directly below an account."""
        return tuple(node for node in self.nodes if node.parent == key)

    def node(self, key: str) -> Node | None:
        """The account itself; None when it may not be seen."""
        return next((node for node in self.nodes if node.key == key), None)


@dataclass(frozen=True)
class ParentSpan:
    """Under whom an account stood from a day (None: always) until a day (None: still)."""

    kind: str
    parent: str
    parent_name: str
    since: date | None
    until: date | None


def tree(
    *, account_id: int, kind: str, as_of: date, seen_by: Scope, known_by: datetime | None = None
) -> Tree:
    """The whole tree around an account on a day. Five queries whatever its size.

    ARR is that of the contracts that run on the day. What may not be seen is left out, and what stands below it shows
    below the next one above that may be seen.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TREE, {"kind": kind, "account": account_id, "day": as_of, "known_by": known_by})
        parents: dict[int, int | None] = dict(cursor.fetchall())
    seen = {
        pk: (key, name)
        for pk, key, name in accounts.visible(seen_by=seen_by)
        .filter(pk__in=parents)
        .values_list("pk", "key", "name")
    }
    arr = _arr(list(seen), as_of)
    shown = {pk: _nearest(pk, parents, seen) for pk in parents if pk in seen}
    below: dict[int | None, list[int]] = {}
    for pk in sorted(shown, key=lambda pk: (seen[pk][1].casefold(), pk)):
        below.setdefault(shown[pk], []).append(pk)
    known = rates.on(as_of, into=rates.reporting())
    nodes: list[Node] = []
    waiting = [(pk, 0) for pk in reversed(below.get(None, []))]
    sums, sizes = _sums(shown, arr)
    while waiting:
        pk, depth = waiting.pop()
        parent = shown[pk]
        nodes.append(
            Node(
                id=pk,
                key=seen[pk][0],
                name=seen[pk][1],
                depth=depth,
                parent=None if parent is None else seen[parent][0],
                arr=_money(arr.get(pk, {})),
                arr_below=_money(sums[pk]),
                total=known.total(_money(sums[pk])),
                below=sizes[pk],
            )
        )
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]
    return Tree(kind, as_of, tuple(nodes))


def _nearest(pk: int, parents: Mapping[int, int | None], seen: Mapping[int, object]) -> int | None:
    parent = parents[pk]
    while parent is not None and parent not in seen:
        parent = parents.get(parent)
    return parent


def _arr(account_ids: list[int], day: date) -> dict[int, dict[str, Money]]:
    running = models.Contract.objects.filter(
        Q(end_date=None) | Q(end_date__gt=day), account__in=account_ids, start_date__lte=day
    ).exclude(arr=None)
    found: dict[int, dict[str, Money]] = {}
    for account, currency, total in (
        running.values("account", "currency")
        .annotate(total=Sum("arr"))
        .values_list("account", "currency", "total")
    ):
        found.setdefault(account, {})[currency] = Money(total, currency)
    return found


def _sums(
    parents: Mapping[int, int | None], arr: Mapping[int, Mapping[str, Money]]
) -> tuple[dict[int, dict[str, Money]], dict[int, int]]:
    """What each has with all below it, and how many stand below it; parents come before what stands below them."""
    sums = {pk: dict(arr.get(pk, {})) for pk in parents}
    sizes = dict.fromkeys(parents, 0)
    for pk, parent in reversed(list(parents.items())):
        if parent is None:
            continue
        sizes[parent] += sizes[pk] + 1
        for currency, money in sums[pk].items():
            have = sums[parent].get(currency)
            sums[parent][currency] = money if have is None else Money(have.amount + money.amount, currency)
    return sums, sizes


def _money(by_currency: Mapping[str, Money]) -> tuple[Money, ...]:
    return tuple(by_currency[currency] for currency in sorted(by_currency))


def history(*, account_id: int, seen_by: Scope) -> tuple[ParentSpan, ...]:
    """Under whom an account ever stood, by kind, latest first, as known now. One query."""
    mine = accounts.visible(seen_by=seen_by)
    links = models.ParentLink.objects.filter(
        identity.known(None), child=account_id, child__in=mine, parent__in=mine
    )
    rows = links.select_related("parent").order_by("kind", F("since").desc(nulls_last=True))
    return tuple(
        ParentSpan(link.kind, link.parent.key, link.parent.name, link.since, link.until) for link in rows
    )


def kinds(*, account_id: int) -> tuple[str, ...]:
    """In which senses an account ever belonged together with another. One query."""
    links = models.ParentLink.objects.filter(identity.known(None))
    found = set(links.filter(Q(child=account_id) | Q(parent=account_id)).values_list("kind", flat=True))
    return tuple(kind for kind in HIERARCHIES if kind in found)


@dataclass(frozen=True)
class Place:
    """Where an account stands in one sense: who stands above it, the top first (key, name), and how many right below."""

    kind: str
    above: tuple[tuple[str, str], ...]
    below: int


def place(*, account_id: int, as_of: date, seen_by: Scope, known_by: datetime | None = None) -> Place | None:
    """Where an account stood on a day, in the first sense in which it stood with others; None alone. Two queries, or one."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"account": account_id, "day": as_of, "known_by": known_by})
        found: list[tuple[str, int | None, int]] = cursor.fetchall()
    kind = next((kind for kind in HIERARCHIES if any(row[0] == kind for row in found)), None)
    if kind is None:
        return None
    mine = [row for row in found if row[0] == kind]
    ids = [pk for _, pk, _ in sorted(mine, key=lambda row: -row[2]) if pk is not None]
    rows = accounts.visible(seen_by=seen_by).filter(pk__in=ids).values_list("pk", "key", "name")
    seen = {pk: (key, name or key) for pk, key, name in rows}
    below = sum(count for _, pk, count in mine if pk is None)
    return Place(kind, tuple(seen[pk] for pk in ids if pk in seen), below)


LINKS = {"child": pl.Int64, "parent": pl.Int64, "since": pl.Date, "until": pl.Date}


def links(*, kind: str, known_by: datetime | None, as_known_then: bool = False) -> pl.DataFrame:
    """Under whom each account ever stood: child, parent, and the days with since ≤ day < until on which it is so.

    As known before a moment (None: now). With `as_known_then` each day is told as it was known at its own end: a link then
    holds no sooner or longer than it was known. One query.
    """
    rows = models.ParentLink.objects.filter(kind=kind)
    if not as_known_then:
        rows = rows.filter(identity.known(known_by))
    told = [
        (
            link.child_id,
            link.parent_id,
            _latest(link.since, as_known_then and link.known_from),
            _soonest(link.until, as_known_then and link.known_until),
        )
        for link in rows.order_by("pk")
    ]
    return pl.DataFrame(told, schema=LINKS, orient="row").filter(pl.col("since") < pl.col("until"))


def digest(kind: str) -> str:
    """Changes whenever anything that is known now of where accounts belong does. One query."""
    said = links(kind=kind, known_by=None).sort("child", "since").write_csv()
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _latest(day: date | None, known_from: datetime | Literal[False] | None) -> date:
    return max(day or date.min, known_from.date() if known_from else date.min)


def _soonest(day: date | None, known_until: datetime | Literal[False] | None) -> date:
    return min(day or date.max, known_until.date() if known_until else date.max)
