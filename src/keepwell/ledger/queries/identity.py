"""Which raw keys mean which account and which person, as known now or then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from keepwell.kernel.moments import start_of
from keepwell.ledger import models

Span = tuple[str, int, datetime | None, datetime | None]
Placed = tuple[str, int, date | None, date | None]


class Links(NamedTuple):
    """What keys mean.

    `accounts`: raw account key, account. `people`: raw person key, the one account that an event of theirs means when it
    names none, for events from a moment (None: ever) until before another; spans of one key do not overlap.
    `persons`: raw person key, the key of the person whom it means; keys that mean themselves are left out.
    """

    accounts: list[tuple[str, int]]
    people: list[Span]
    persons: list[tuple[str, str]]


def known(by: datetime | None) -> Q:
    """The rows that held as known before a moment (None: that hold now)."""
    if by is None:
        return Q(known_until=None)
    return (Q(known_from=None) | Q(known_from__lt=by)) & (Q(known_until=None) | Q(known_until__gte=by))


def links(*, accounts: Collection[int] | None = None, known_by: datetime | None = None) -> Links:
    """What raw keys meant as known before a moment (None: as known now), perhaps of some accounts only.

    A person in several accounts at a time says nothing about which one an event is for: such events must name their
    account. Three queries; four when some of the accounts' people have other keys too.
    """
    by_key = models.IdentityLink.objects.filter(known(known_by)).values_list("key", "account_id")
    if accounts is not None:
        by_key = by_key.filter(account__in=accounts)
    persons = aliases(known_by=known_by)
    return Links(list(by_key), _people(persons, accounts, known_by), list(persons.items()))


def aliases(*, known_by: datetime | None = None) -> dict[str, str]:
    """Raw person keys by the person's key that they mean in the end, chains followed. One query."""
    rows = models.PersonAlias.objects.filter(known(known_by)).values_list("key", "person__key")
    return followed(dict(rows))


def followed(steps: Mapping[str, str]) -> dict[str, str]:
    """Where each key leads when its steps are followed to the end. There are no loops: they are refused when written."""
    ends: dict[str, str] = {}
    for key in steps:
        path = [key]
        while (step := steps.get(path[-1])) is not None and path[-1] not in ends and step not in path:
            path.append(step)
        end = ends.get(path[-1], path[-1])
        ends |= dict.fromkeys(path[:-1], end)
    return ends


def _people(
    persons: Mapping[str, str], accounts: Collection[int] | None, known_by: datetime | None
) -> list[Span]:
    placements = models.Placement.objects.filter(known(known_by))
    columns = ("person__key", "account_id", "since", "until")
    raw = _raw_by_person(persons)
    if accounts is None:
        found: list[Placed] = list(placements.values_list(*columns))
    else:
        here = placements.filter(account__in=accounts).values("person")
        found = list(placements.filter(person__in=here).values_list(*columns))
        told = {key for key, *_ in found}
        more = {other for key in told for other in raw.get(persons.get(key, key), ())} - told
        more |= {persons[key] for key in told if key in persons} - told
        if more:
            found += placements.filter(person__key__in=more).values_list(*columns)
    by_person: dict[str, list[Placed]] = {}
    for row in found:
        by_person.setdefault(persons.get(row[0], row[0]), []).append(row)
    spans = [
        (key, *span)
        for person, rows in by_person.items()
        for span in alone(rows)
        for key in (person, *raw.get(person, ()))
    ]
    return spans if accounts is None else [span for span in spans if span[1] in set(accounts)]


def _raw_by_person(persons: Mapping[str, str]) -> dict[str, list[str]]:
    raw: dict[str, list[str]] = {}
    for key, person in persons.items():
        raw.setdefault(person, []).append(key)
    return raw


def alone(rows: Sequence[Placed]) -> list[tuple[int, datetime | None, datetime | None]]:
    """The spans in which somebody's placements name exactly one account, ascending, none overlapping another."""
    if len(rows) == 1:
        _, account, since, until = rows[0]
        return [(account, _start(since), _start(until))]
    edges = sorted({since for *_, since, _ in rows if since} | {until for *_, until in rows if until})
    spans: list[tuple[int, datetime | None, datetime | None]] = []
    for since, until in zip([None, *edges], [*edges, None], strict=True):
        here = {row[1] for row in rows if _covers(row, since, until)}
        if len(here) == 1:
            spans.append((here.pop(), _start(since), _start(until)))
    return spans


def _covers(row: Placed, since: date | None, until: date | None) -> bool:
    """Whether a placement holds all through a span between two neighbouring edges."""
    begins = row[2] is None or (since is not None and row[2] <= since)
    return begins and (row[3] is None or (until is not None and until <= row[3]))


def _start(day: date | None) -> datetime | None:
    return None if day is None else start_of(day)


def meant_by(*, accounts: Iterable[str], people: Iterable[str]) -> set[int]:
    """The accounts that any of these raw keys may mean now. One query, and some more where people are given."""
    found = set(resolve(accounts).values())
    given = set(people)
    if given:
        everybody = raw_keys(of=given | set(steps(keys=given).values()))
        rows = models.Placement.objects.filter(known(None), person__key__in=everybody)
        found |= set(rows.values_list("account_id", flat=True))
    return found


def resolve(keys: Iterable[str]) -> dict[str, int]:
    """The account ids that raw account keys mean now; unknown keys are absent."""
    found = models.IdentityLink.objects.filter(known(None), key__in=list(keys))
    return dict(found.values_list("key", "account_id"))


def steps(*, keys: Iterable[str]) -> dict[str, str]:
    """The keys that these lead to now, step by step. One query for each step of the longest chain, and one more."""
    found: dict[str, str] = {}
    asked = set(keys)
    while asked:
        rows = models.PersonAlias.objects.filter(known(None), key__in=asked)
        new = dict(rows.values_list("key", "person__key"))
        found |= new
        asked = set(new.values()) - found.keys()
    return found


def raw_keys(*, of: Iterable[str]) -> set[str]:
    """All keys that mean the same people as the given ones do now, the given ones included.

    One query for each step of the longest chain, up and down again.
    """
    asked = set(of)
    found = asked | set(steps(keys=asked).values())
    new = found
    while new:
        rows = models.PersonAlias.objects.filter(known(None), person__key__in=new)
        new = set(rows.values_list("key", flat=True)) - found
        found = found | new
    return found
