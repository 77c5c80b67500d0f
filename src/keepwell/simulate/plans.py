"""Confirmations of the success plan: roughly monthly, as long as somebody on their side cares."""

from dataclasses import dataclass

from keepwell.simulate.lives import Life
from keepwell.simulate.span import Stream


@dataclass(frozen=True)
class Confirmation:
    """The customer said that the plan still holds; ``at`` in seconds of the span."""

    key: str
    account: str
    person: str
    at: int


def confirmations(life: Life) -> tuple[Confirmation, ...]:
    """Every confirmation of an account within the span."""
    rng, number = life.chance(Stream.PLANS), life.customer.number
    found: list[Confirmation] = []
    day = life.customer.start + int(rng.integers(20, 50))
    while day < life.end:
        asked = [p for p in life.present(day) if p.role in ("executive", "product_owner")]
        willing = life.customer.diligence * float(life.curves.confirming[day])
        if day >= 0 and asked and float(rng.random()) < willing:
            person = asked[int(rng.integers(len(asked)))]
            key = f"plan-{number}-{len(found) + 1}"
            found.append(Confirmation(key, life.customer.key, person.key, life.moment(rng, day)))
        day += int(rng.integers(22, 33))
    return tuple(found)
