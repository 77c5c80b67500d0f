"""The people of an account: those who decide, the champion, and those who use the product."""

from dataclasses import dataclass

from numpy.random import Generator

from keepwell.simulate.customers import Customer
from keepwell.simulate.fates import Fate
from keepwell.simulate.names.people import full_name
from keepwell.simulate.span import Span, Stream, chance
from keepwell.simulate.truth import Cause, Scare

_TITLES = {
    "executive": ("Chief Operating Officer", "VP Operations", "Managing Director", "Director of Facilities"),
    "product_owner": ("Head of Operations Systems", "Operations Manager", "Programme Manager"),
    "it": ("IT Manager", "Systems Administrator"),
    "procurement": ("Procurement Lead", "Buyer"),
    "end_user": (
        "Site Supervisor",
        "Maintenance Planner",
        "Technician",
        "Coordinator",
        "Analyst",
        "Inspector",
    ),
}
_RATES = {"executive": 0.2, "product_owner": 2.4, "it": 0.7, "procurement": 0.15, "end_user": 1.0}


@dataclass(frozen=True)
class Person:
    """One person. ``pace`` is how much they use the product, ``rank`` how long they hold on when people stop.

    ``champion`` is the day from which they champion the product (None = never), ``left`` the day they leave.
    """

    key: str
    account: str
    name: str
    email: str
    role: str
    title: str
    pace: float
    rank: float
    joined: int
    left: int | None
    champion: int | None
    day_off: int | None
    offline: bool
    temper: float
    influence: int | None
    boss: str
    line_since: int | None

    def present(self, day: int) -> bool:
        """Whether they work there on a day."""
        return self.joined <= day and (self.left is None or day < self.left)


def _roles(rng: Generator, customer: Customer) -> list[str]:
    fixed = {
        "enterprise": ["executive", "executive", "product_owner", "product_owner", "it", "procurement"],
        "mid": ["executive", "product_owner", "it"],
        "small": ["executive", "product_owner"],
    }
    leading = fixed[customer.tier.slug]
    users = round(customer.seats * float(rng.uniform(0.65, 1.05))) - len(leading) // 2
    return leading + ["end_user"] * max(2, users)


def _joined(rng: Generator, customer: Customer, role: str, span: Span) -> int:
    if role != "end_user" or rng.random() < 0.75:
        return customer.start + int(rng.integers(0, 30))
    return int(rng.integers(customer.start + 30, max(customer.start + 31, span.days)))


def _left(rng: Generator, joined: int, span: Span) -> int | None:
    """People change jobs, about one in eight a year, and nothing follows from it."""
    leaves = joined + int(rng.exponential(365 * 8)) + 60
    return leaves if 0 < leaves < span.days else None


def _champions(customer: Customer, fate: Fate) -> tuple[int | None, int | None]:
    """When the first champion leaves, and when another follows."""
    if fate.cause is Cause.CHAMPION_LEFT:
        return fate.onset, None
    if fate.scare is Scare.SUCCESSION and fate.onset is not None:
        return fate.onset, fate.onset + 45
    return None, None


_INFLUENCE = {"executive": 4, "product_owner": 3, "it": 3, "procurement": 3}
NAMED_REPORTS = 9


def _place(role: str, number: int, found: list[Person]) -> tuple[int | None, Person | None]:
    """How much they weigh, and whom the CRM says they report to: of those who only use the product, it knows a few."""
    executive = next((one for one in found if one.role == "executive"), None)
    if role != "end_user":
        return 5 if role == "executive" and executive is None else _INFLUENCE[role], executive
    owner = next((one for one in found if one.role == "product_owner"), None)
    users = sum(one.role == "end_user" for one in found)
    return (1 + number % 2, owner) if users < NAMED_REPORTS else (None, None)


def people(seed: int, span: Span, customer: Customer, fate: Fate) -> tuple[Person, ...]:
    """Everybody of one account, the first product owner being its champion."""
    rng = chance(seed, Stream.PEOPLE, customer.number)
    leaves, successor = _champions(customer, fate)
    found: list[Person] = []
    for n, role in enumerate(_roles(rng, customer), start=1):
        name, local = full_name(rng, customer.culture)
        joined = _joined(rng, customer, role, span)
        left = _left(rng, joined, span)
        first = role == "product_owner" and not any(person.role == role for person in found)
        heir = successor is not None and role == "end_user" and not any(p.role == role for p in found)
        if first or heir:
            joined, left = customer.start, leaves if first else None
        influence, boss = _place(role, n, found)
        found.append(
            Person(
                key=f"u-{customer.number}-{n}",
                account=customer.key,
                name=name,
                email=f"{local}.{n}@{customer.domain}",
                role=role,
                title=_TITLES[role][int(rng.integers(len(_TITLES[role])))],
                pace=_RATES[role] * float(rng.gamma(1.6, 1 / 1.6)),
                rank=float(rng.random()) if role == "end_user" else 0.1 * float(rng.random()),
                joined=joined,
                left=left,
                champion=joined if first else successor if heir else None,
                day_off=int(rng.integers(0, 5)) if rng.random() < 0.15 else None,
                offline=role == "end_user" and rng.random() < 0.06,
                temper=float(rng.normal(0.0, 0.9)),
                influence=influence,
                boss=boss.key if boss else "",
                line_since=max(joined, boss.joined) if boss else None,
            )
        )
    return tuple(found)
