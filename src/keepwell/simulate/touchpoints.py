"""Touchpoints: calls, mails and visits by tier, and the reviews to which executives come or do not."""

from dataclasses import dataclass

from numpy.random import Generator

from keepwell.simulate.lives import Life
from keepwell.simulate.span import DAY_SECONDS, Stream
from keepwell.simulate.words import TOPICS, pick

EVERY_DAYS = {"enterprise": 11, "mid": 30, "small": 80}
REVIEW_DAYS = {"enterprise": 91, "mid": 91, "small": 182}
MINUTES = {"call": 30, "meeting": 45, "email": 10, "note": 5, "onsite": 120, "review": 60}
_KINDS = ("call", "meeting", "email", "note", "onsite")
_SHARES = (0.42, 0.24, 0.22, 0.06, 0.06)


@dataclass(frozen=True)
class Touchpoint:
    """One contact; ``logged`` is when somebody wrote it down. Moments are seconds of the span."""

    key: str
    account: str
    kind: str
    subject: str
    people: tuple[str, ...]
    minutes: int
    proactive: bool
    declined: bool
    executive: bool
    at: int
    logged: int


def _attendees(rng: Generator, life: Life, day: int, executive: bool) -> tuple[str, ...]:
    present = life.present(day)
    leading = [person.key for person in present if person.role == "executive"][:1] if executive else []
    champions = [p.key for p in present if p.champion is not None and p.champion <= day][:1]
    others = [p.key for p in present if p.role in ("product_owner", "end_user") and p.key not in champions]
    extra = [pick(rng, others)] if others and rng.random() < 0.5 else []
    return tuple(leading + champions + extra)


def _touchpoint(rng: Generator, life: Life, day: int, kind: str, number: int) -> Touchpoint:
    at = life.moment(rng, day)
    review = kind == "review"
    executives = [person for person in life.present(day) if person.role == "executive"]
    willing = life.customer.attendance * float(life.curves.attending[day])
    comes = review and float(rng.random()) < willing and bool(executives)
    return Touchpoint(
        key=f"P-{life.customer.number}-{number}",
        account=life.customer.key,
        kind=kind,
        subject="Business review" if review else pick(rng, TOPICS),
        people=_attendees(rng, life, day, comes),
        minutes=max(5, round(MINUTES[kind] * float(rng.uniform(0.6, 1.4)) / 5) * 5),
        proactive=review or bool(rng.random() < 0.66),
        declined=not review and float(rng.random()) < float(life.curves.declining[day]),
        executive=comes,
        at=at,
        logged=at + 3600 * int(rng.choice([1, 2, 20, 44, 70], p=[0.45, 0.2, 0.2, 0.1, 0.05])),
    )


def _days(rng: Generator, life: Life) -> list[tuple[int, str]]:
    tier, start = life.customer.tier.slug, life.customer.start
    found: list[tuple[int, str]] = []
    day = life.begin + float(rng.uniform(1, EVERY_DAYS[tier]))
    while day < life.end:
        found.append((int(day), _KINDS[int(rng.choice(len(_KINDS), p=_SHARES))]))
        eager = 0.5 if day < start + 90 else 1.0
        day += EVERY_DAYS[tier] * eager * float(rng.uniform(0.6, 1.4))
    if tier != "small" or rng.random() < 0.5:
        reviews = range(start + life.customer.phase, life.end, REVIEW_DAYS[tier])
        found += [(day, "review") for day in reviews if day >= max(0, start + 60)]
    return sorted(found)


def touchpoints(life: Life) -> tuple[Touchpoint, ...]:
    """Every contact with an account within the span; what would fall on a weekend was two days before."""
    rng = life.chance(Stream.TOUCHPOINTS)
    found: list[Touchpoint] = []
    for day, kind in _days(rng, life):
        working = day if life.works(day) else day - 2
        if working >= life.begin:
            found.append(_touchpoint(rng, life, working, kind, len(found) + 1))
    return tuple(touch for touch in found if touch.at < life.span.days * DAY_SECONDS)
