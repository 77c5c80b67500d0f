"""An account on two days, side by side: its score and parts, its measures, its ARR, its people, what it asked of us."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.faces import standing
from keepwell.faces.components import words
from keepwell.faces.standing import Moment, Standing
from keepwell.health.queries import scores
from keepwell.health.queries.scores import PartView
from keepwell.kernel import errors, speech
from keepwell.kernel.moments import DAY
from keepwell.kernel.money import Money
from keepwell.ledger.queries import asked_of_us, movements
from keepwell.ledger.queries.people import StakeholderView
from keepwell.metrics.queries import values
from keepwell.metrics.queries.values import CurrentValue

QUARTER = timedelta(days=91)
GROUPS = {
    "health": speech.later("Health"),
    "part": speech.later("Parts of the score"),
    "money": speech.later("Money"),
    "people": speech.later("People"),
    "service": speech.later("Service"),
    "measure": speech.later("Other measures that moved"),
}


@dataclass(frozen=True)
class Line:
    """One thing on both days. `change` is None where one of them is not known; `reason` says what moved it."""

    group: str
    slug: str
    label: str
    unit: str
    before: float | None
    after: float | None
    reason: str = ""
    definition: str = ""
    before_points: float | None = None
    after_points: float | None = None

    @property
    def change(self) -> float | None:
        """By how much it moved."""
        return None if self.before is None or self.after is None else round(self.after - self.before, 4)


@dataclass(frozen=True)
class Comparison:
    """Both days, and all lines in the order of `GROUPS`."""

    before: Standing
    after: Standing
    lines: tuple[Line, ...]


def days(*, since: date | None, until: date | None, then: bool, now: datetime) -> tuple[Moment, Moment]:
    """From a day (a quarter before the other) to another (today); with `then` each as it was known by its own end."""
    last = Moment.on(until, now=now, then=then)
    first = Moment.on(since or last.day - QUARTER, now=now, then=then)
    if first.day >= last.day:
        raise errors.Invalid(
            "%(day)s is not before %(day2)s. Compare an earlier day with a later one.",
            day=first.day,
            day2=last.day,
        )
    return first, last


def compare(*, key: str, first: Moment, last: Moment, seen_by: Scope) -> Comparison:
    """An account at these two moments.

    Measures beside the score are as known now. Reads the account's share of the lake some five times.
    """
    before, after = (standing.read(key=key, moment=moment, seen_by=seen_by) for moment in (first, last))
    account_id = after.account.id
    mine: dict[str, Any] = {"account_id": account_id, "seen_by": seen_by}
    lines = (
        *_health(before, after, scores.moved(**mine, since=first.day, until=last.day)),
        *_money(before, after, movements.levels(**mine, until=last.day + DAY, known_by=last.known_by)),
        *_people(before.people, after.people),
        *_service(
            *(asked_of_us.counts(**mine, at=moment.at, days=QUARTER.days) for moment in (first, last)),
        ),
        *_measures(
            {part.metric for part in after.score.parts} if after.score else set(),
            *(values.on_day(**mine, day=moment.day) for moment in (first, last)),
        ),
    )
    return Comparison(before, after, lines)


def _health(before: Standing, after: Standing, moved: scores.MovedView | None) -> Iterator[Line]:
    then, now = (one.score.stands[0] if one.score else None for one in (before, after))
    yield Line("health", "health", speech.told("Health"), "points", then, now, moved.reason if moved else "")
    parts: Mapping[str, PartView] = (
        {part.measure: part for part in before.score.parts} if before.score else {}
    )
    for part in after.score.parts if after.score else ():
        was = parts.get(part.measure)
        yield Line(
            "part",
            part.measure,
            part.label,
            part.unit,
            was.value if was else None,
            part.value,
            part.reason or "",
            part.definition,
            was.points if was else None,
            part.points,
        )


def _money(before: Standing, after: Standing, levels: tuple[movements.Level, ...]) -> Iterator[Line]:
    sums = [one.account.arr_reporting for one in (before, after)]
    unit = next((money.currency for money in sums if money is not None), "")
    worth = [None if money is None else float(money.amount) for money in sums]
    steps = (one for one in levels if before.moment.day < one.day <= after.moment.day)
    said = "; ".join(
        speech.told(
            "%(kind)s of %(size)s on %(day)s",
            kind=one.kind,
            size=_size(one.amount),
            day=words.date_of(one.day),
        )
        for one in steps
    )
    meant = speech.told("What the contracts that run on the day are worth a year.")
    yield Line("money", "arr", "ARR", unit, worth[0], worth[1], said, meant)
    ends = [one.account.renewal_date for one in (before, after)]
    left = [
        None if end is None else float((end - one.moment.day).days)
        for end, one in zip(ends, (before, after), strict=True)
    ]
    moved = ""
    if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
        moved = speech.told(
            "the renewal moved from %(ends)s to %(ends2)s",
            ends=words.date_of(ends[0]),
            ends2=words.date_of(ends[1]),
        )
    yield Line("money", "renewal", speech.told("Days to the renewal"), "days", left[0], left[1], moved)


def _size(amount: Money) -> Money:
    return Money(abs(amount.amount), amount.currency)


def _people(before: tuple[StakeholderView, ...], after: tuple[StakeholderView, ...]) -> Iterator[Line]:
    then, now = ({one.key: one for one in people if one.status != "left"} for people in (before, after))
    came = ", ".join(one.name for key, one in now.items() if key not in then)
    went = ", ".join(one.name for key, one in then.items() if key not in now)
    said = "; ".join(f"{word}: {names}" for word, names in (("came", came), ("left", went)) if names)
    yield Line(
        "people", "people", speech.told("People known"), "people", float(len(then)), float(len(now)), said
    )
    stances = [sum(one.stance == "champion" for one in people.values()) for people in (then, now)]
    turned = "; ".join(
        speech.told(
            "%(name)s was %(stance)s, is %(stance2)s",
            name=now[key].name,
            stance=then[key].stance or "unknown",
            stance2=now[key].stance or "unknown",
        )
        for key in now
        if key in then and now[key].stance != then[key].stance
    )
    yield Line(
        "people",
        "champions",
        speech.told("Champions"),
        "people",
        float(stances[0]),
        float(stances[1]),
        turned,
    )


def _service(before: asked_of_us.Counts, after: asked_of_us.Counts) -> Iterator[Line]:
    of_days = speech.told("in the %(days)s days before", days=QUARTER.days)
    for slug, label in (
        ("open", speech.told("Open tickets")),
        ("opened", speech.told("Tickets opened %(of_days)s", of_days=of_days)),
        ("escalated", speech.told("Tickets escalated %(of_days)s", of_days=of_days)),
        ("spoke", speech.told("Times we spoke %(of_days)s", of_days=of_days)),
    ):
        then, now = (float(getattr(one, slug)) for one in (before, after))
        yield Line("service", slug, label, "", then, now)


def _measures(
    judged: set[str], before: tuple[CurrentValue, ...], after: tuple[CurrentValue, ...]
) -> Iterator[Line]:
    then = {one.metric.slug: one.value for one in before}
    for one in after:
        was = then.get(one.metric.slug)
        if one.metric.slug not in judged and not one.metric.base and was != one.value:
            yield Line(
                "measure",
                one.metric.slug,
                one.metric.title,
                one.metric.unit,
                was,
                one.value,
                one.reason or "",
                one.metric.sentence,
            )
