"""What raw keys meant, for every moment of knowledge at once: a replay asks as of many."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from keepwell.ledger import models
from keepwell.ledger.queries import identity

Moment = datetime | None


class Links(NamedTuple):
    """As `identity.Links`, each row with the moments from and until when it counted as known (None: always, still).

    `persons` has every key that ever meant another person, also for the spans in which it meant itself.
    """

    accounts: list[tuple[str, int, Moment, Moment]]
    people: list[tuple[str, int, Moment, Moment, Moment, Moment]]
    persons: list[tuple[str, str, Moment, Moment]]


class _Alias(NamedTuple):
    key: str
    person: str
    known_from: Moment
    known_until: Moment


class _Placement(NamedTuple):
    person: str
    account: int
    since: date | None
    until: date | None
    known_from: Moment
    known_until: Moment


def links(*, accounts: Collection[int] | None = None) -> Links:
    """All that keys ever meant, perhaps of some accounts only. Three queries.

    Knowledge changes in steps; between two steps that concern the same people, what is known is asked as `identity` asks it.
    """
    known = ("known_from", "known_until")
    by_key = models.IdentityLink.objects.values_list("key", "account_id", *known)
    aliases = [_Alias(*row) for row in models.PersonAlias.objects.values_list("key", "person__key", *known)]
    rows = models.Placement.objects.values_list("person__key", "account_id", "since", "until", *known)
    placements = [_Placement(*row) for row in rows]
    if accounts is not None:
        by_key = by_key.filter(account__in=accounts)
    people: list[tuple[str, int, Moment, Moment, Moment, Moment]] = []
    persons: list[tuple[str, str, Moment, Moment]] = []
    for own, placed in _clusters(aliases, placements):
        for since, until in _steps([*own, *placed]):
            meant = identity.followed({a.key: a.person for a in own if _holds(a, since)})
            persons += [(a, meant.get(a, a), since, until) for a in sorted({alias.key for alias in own})]
            people += [
                (key, *span, since, until)
                for key, span in _placed(meant, [row for row in placed if _holds(row, since)])
                if accounts is None or span[0] in accounts
            ]
    return Links(list(by_key), people, persons)


def of_accounts(found: Links, accounts: Collection[int]) -> Links:
    """Of all that keys ever meant what concerns some accounts, as `links` gives it of them."""
    ids = set(accounts)
    return Links(
        [row for row in found.accounts if row[1] in ids],
        [row for row in found.people if row[1] in ids],
        found.persons,
    )


def _placed(
    meant: Mapping[str, str], placed: Sequence[_Placement]
) -> Iterator[tuple[str, tuple[int, Moment, Moment]]]:
    """For each raw key of each person the spans in which an event of theirs means one account."""
    raw: dict[str, list[str]] = {}
    for key, person in meant.items():
        raw.setdefault(person, []).append(key)
    by_person: dict[str, list[identity.Placed]] = {}
    for row in placed:
        place = (row.person, row.account, row.since, row.until)
        by_person.setdefault(meant.get(row.person, row.person), []).append(place)
    for person, rows in by_person.items():
        for span in identity.alone(rows):
            for key in (person, *raw.get(person, ())):
                yield key, span


def _holds(row: _Alias | _Placement, moment: Moment) -> bool:
    """Whether a row counts from a step on; None is before every step."""
    begun = row.known_from is None or (moment is not None and row.known_from <= moment)
    return begun and (row.known_until is None or moment is None or moment < row.known_until)


def _steps(rows: Iterable[_Alias | _Placement]) -> Iterator[tuple[Moment, Moment]]:
    """The spans between the moments at which what is known of these rows changes."""
    edges = sorted({moment for row in rows for moment in (row.known_from, row.known_until) if moment})
    return zip([None, *edges], [*edges, None], strict=True)


def _clusters(
    aliases: Sequence[_Alias], placements: Sequence[_Placement]
) -> Iterator[tuple[list[_Alias], list[_Placement]]]:
    """The aliases and placements that concern one another, through any chain of keys."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while (up := root.get(key, key)) != key:
            root[key] = root.get(up, up)
            key = root[key]
        return key

    for alias in aliases:
        root[find(alias.key)] = find(alias.person)
    found: dict[str, tuple[list[_Alias], list[_Placement]]] = {}
    for alias in aliases:
        found.setdefault(find(alias.key), ([], []))[0].append(alias)
    for row in placements:
        found.setdefault(find(row.person), ([], []))[1].append(row)
    yield from found.values()
