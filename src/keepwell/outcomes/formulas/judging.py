"""Where an indicator and an outcome stand: on track, at risk, missed, reached or unknown, with the reason. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from keepwell.kernel import speech
from keepwell.kernel.figures import measured

Status = Literal["reached", "on_track", "at_risk", "missed", "unknown"]
STATUSES: dict[str, str] = {
    "missed": speech.later("Missed"),
    "at_risk": speech.later("At risk"),
    "unknown": speech.later("Unknown"),
    "on_track": speech.later("On track"),
    "reached": speech.later("Reached"),
}
# Less than this part of the straight way from baseline to target counts as behind. Our choice.
BEHIND = 0.5
FIRST_WEEKS = timedelta(days=14)
# A plan that was not confirmed for so many days is stale: the edge at which roadmap alignment turns red (Playbook).
STALE_DAYS = 90


@dataclass(frozen=True)
class Course:
    """What is asked of an indicator: from where on which day to where until when; past `trigger` it alarms."""

    better: str
    unit: str
    baseline: float | None
    since: date | None
    target: float | None
    until: date | None
    trigger: float | None


@dataclass(frozen=True)
class Verdict:
    """Where it stands and why; `way` is the part of the way to the target, where that can be told."""

    status: Status
    reason: str
    way: float | None = None


def is_past(value: float | None, trigger: float | None, better: str) -> bool | None:
    """Whether a value lies on the wrong side of a trigger; None where either is not known."""
    if value is None or trigger is None:
        return None
    return value < trigger if better == "up" else value > trigger


def indicator(course: Course, value: float | None, *, unknown: str, today: date) -> Verdict:
    """The verdict on one; `unknown` is why there is no value."""
    if value is None:
        return Verdict("unknown", unknown)
    way = _way(course, value)
    if course.target is not None and _there(course, value):
        return Verdict("reached", speech.told("The target is reached."), way)
    if course.until is not None and course.until < today and course.target is not None:
        return Verdict("missed", speech.told("The day has passed and the target was not reached."), way)
    if is_past(value, course.trigger, course.better):
        return Verdict("at_risk", _beyond(course), way)
    if course.target is None:
        return Verdict("unknown", speech.told("It has no target yet."), way)
    return _on_the_way(course, way, today)


def _on_the_way(course: Course, way: float | None, today: date) -> Verdict:
    if way is None or course.since is None or course.until is None:
        return Verdict("on_track", speech.told("Not past its alarm."), way)
    whole, gone = (course.until - course.since).days, (today - course.since).days
    due = gone / whole if whole > 0 else 1.0
    said = {
        "way": f"{max(0.0, way):.0%}".replace("%", " %"),
        "due": f"{min(1.0, due):.0%}".replace("%", " %"),
    }
    if today - course.since > FIRST_WEEKS and way < BEHIND * due:
        text = speech.told("%(way)s of the way, with %(due)s of the time gone.", **said)
        return Verdict("at_risk", text, way)
    return Verdict("on_track", speech.told("%(way)s of the way, with %(due)s of the time gone.", **said), way)


def _way(course: Course, value: float) -> float | None:
    if course.baseline is None or course.target is None or course.baseline == course.target:
        return None
    return (value - course.baseline) / (course.target - course.baseline)


def _there(course: Course, value: float) -> bool:
    assert course.target is not None
    return value >= course.target if course.better == "up" else value <= course.target


def _beyond(course: Course) -> str:
    assert course.trigger is not None
    edge = measured(course.trigger, course.unit)
    if course.better == "up":
        return speech.told("Below its alarm at %(edge)s.", edge=edge)
    return speech.told("Above its alarm at %(edge)s.", edge=edge)


def objective(
    indicators: Sequence[tuple[str, Verdict]], *, reached_on: date | None, until: date | None, today: date
) -> Verdict:
    """The verdict on an outcome: what was said of it by hand, else the worst of its indicators, named."""
    if reached_on is not None:
        return Verdict("reached", speech.told("Confirmed as reached."))
    if until is not None and until < today:
        return Verdict("missed", speech.told("The day has passed and nobody confirmed it as reached."))
    if not indicators:
        return Verdict("unknown", speech.told("It has no indicator, so nothing shows how it goes."))
    order = list(STATUSES)
    title, worst = min(indicators, key=lambda one: order.index(one[1].status))
    if worst.status == "reached":
        return Verdict("on_track", speech.told("All its indicators are there; confirm the outcome."))
    return Verdict(worst.status, f"{title}: {worst.reason}")


def state(*, has_plan: bool, agreed: bool, confirmed_on: date | None, today: date) -> str:
    """ "none", "draft" (never agreed), "agreed", or "stale" when it was not confirmed for too long."""
    if not has_plan:
        return "none"
    if not agreed:
        return "draft"
    if confirmed_on is None or (today - confirmed_on).days > STALE_DAYS:
        return "stale"
    return "agreed"
