"""Much of everything about three accounts over a year: what few drawn examples hold only by chance meets here at once."""

import random
from datetime import UTC, datetime, time, timedelta
from typing import Any

from keepwell.ledger.catalogue import FACTS
from tests.metrics.drawn import ABOUT, LEAP
from tests.metrics.told import Business, Contract, Told, Usage

ACCOUNTS = (1, 2, 3)
OFTEN = (*["survey.answered"] * 20, *["ticket.opened", "ticket.resolved"] * 3)
TIMES = (time(0), time(12), time(23, 59, 59, 999_999))
PROPS: dict[str, tuple[str, ...]] = {
    "ticket": ("t1", "t2", "t3"),
    "milestone": ("m1", "m2"),
    "invoice": ("i1", "i2"),
    "severity": ("low", "critical"),
    "due_date": ("2024-02-01", "2024-03-01", "soon"),
    "initiative": ("proactive", "reactive"),
    "first_contact": ("yes", "no"),
}


NAMES = (*sorted(FACTS), *ABOUT, *OFTEN)


def told(seed: int, *, size: int = 250) -> Told:
    """So many uses and three facts for each name, some late, some taken back, some without a person."""
    chance = random.Random(seed)
    used = [_used(chance) for _ in range(size)]
    facts = [_fact(chance, number) for number in range(3 * len(NAMES))]
    return Told([*used, *used[:3]], [*facts, *facts[:3]], [_contract(chance) for _ in range(12)])


def _moment(chance: random.Random) -> datetime:
    day = LEAP + timedelta(days=14 - int(chance.random() ** 2 * 400))
    return datetime.combine(day, chance.choice(TIMES), tzinfo=UTC)


def _known(chance: random.Random, at: datetime) -> tuple[datetime, datetime | None]:
    known = at + timedelta(days=chance.choice((0, 0, 0, 1, 30)))
    return known, chance.choice((None, None, None, known + timedelta(days=7)))


def _used(chance: random.Random) -> Usage:
    at = _moment(chance)
    known_at, gone_at = _known(chance, at)
    person, feature = (
        chance.choice(("", "ada", "ben", "cleo")),
        chance.choice(("export", "share", "login", "")),
    )
    value = chance.choice((None, 2.0))
    return Usage(chance.choice(ACCOUNTS), person, feature, at, known_at, value=value, gone_at=gone_at)


def _fact(chance: random.Random, number: int) -> Business:
    at = _moment(chance)
    known_at, gone_at = _known(chance, at)
    name = chance.choice(NAMES)
    kinds, values = ABOUT.get(name, ([""], [0.0, 6.0, 9.0, 10.0]))
    props = {key: chance.choice(values_) for key, values_ in PROPS.items() if chance.random() < 0.7}
    said: Any = (name, chance.choice(kinds), chance.choice((None, *values)))
    person = chance.choice(("", "ada", "ben"))
    account = chance.choice(ACCOUNTS)
    return Business(
        account, f"e{number}", person, *said, at=at, known_at=known_at, gone_at=gone_at, props=props
    )


def _contract(chance: random.Random) -> Contract:
    at = _moment(chance)
    known_at, gone_at = _known(chance, at)
    start = at.date() + timedelta(days=chance.choice((-30, 0, 10)))
    end = chance.choice((None, start + timedelta(days=chance.randint(30, 400))))
    terms: Any = (chance.choice((None, 5, 20)), start, end, chance.choice((None, 100.0, 250.5)))
    currency = chance.choice(("EUR", "EUR", "USD"))
    key = chance.choice(("c1", "c2"))
    return Contract(chance.choice(ACCOUNTS), key, at, known_at, *terms, currency, gone_at)
