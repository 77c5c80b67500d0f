"""What can be learned from a customer that left: when it could be known, whether an alarm came, what was done. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

SLOW_DAYS = 14  # a response that comes later than this after the first signal came late
# What counts as somebody's doing something about a signal; an incident opens by itself.
RESPONSES = ("touchpoint", "task", "call", "cause", "plan", "acknowledged", "acted")
ASIDE = ("snoozed", "not_useful")  # somebody answered an alarm by not doing anything about it
ANSWERS = ("acknowledged", "acted", *ASIDE)


@dataclass(frozen=True)
class Departed:
    """On which day it counted as gone, when leaving began, and how departure is declared."""

    left_on: date
    onset_on: date
    sentence: str


@dataclass(frozen=True)
class Health:
    """Its health on a day, from what was known by the end of that day."""

    day: date
    points: float | None
    band: str


@dataclass(frozen=True)
class Told:
    """An alarm reached somebody."""

    at: datetime
    person: str


@dataclass(frozen=True)
class Answer:
    """Somebody answered an alarm: acknowledged, acted, snoozed or not_useful."""

    at: datetime
    kind: str
    by: str


@dataclass(frozen=True)
class Signal:
    """A rule that foretells churn fired; `stood`: it held already when the rule began to watch.

    `told` and `answers` are whom it reached and what they made of it until the account left.
    """

    at: datetime
    rule: str
    title: str
    severity: str
    sentence: str
    stood: bool
    number: int = 0
    told: tuple[Told, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Act:
    """Something that was done for the account."""

    at: datetime
    kind: str
    what: str


def findings(
    departed: Departed,
    *,
    health: Sequence[Health],
    signals: Iterable[Signal],
    acts: Iterable[Act],
    watched: bool,
) -> dict[str, Any]:
    """All of it, as it is kept. `lead_days` counts from the first signal to the day it left, `known_lead_days` from the
    first day on which its health was below Healthy and stayed so; `missed` names the alarm that was missed: no_rule (none
    watched), no_firing, no_response, put_aside (answered by putting it off or calling it not useful), late_response, or none.
    `alarms` counts the signals that fired, that reached somebody, that somebody answered, and that were only put aside.
    """
    fired = sorted(signals, key=lambda one: one.at)
    first = fired[0] if fired else None
    acts = [*acts, *(Act(given.at, given.kind, one.title) for one in fired for given in one.answers)]
    after = sorted((act for act in acts if first is not None and act.at >= first.at), key=lambda act: act.at)
    response = next((act for act in after if act.kind in RESPONSES), None)
    knowable = _knowable(health)
    return {
        "left_on": departed.left_on.isoformat(),
        "onset_on": departed.onset_on.isoformat(),
        "departure": departed.sentence,
        "health": [{"day": one.day.isoformat(), "points": one.points, "band": one.band} for one in health],
        "knowable_on": knowable.isoformat() if knowable else None,
        "known_lead_days": (departed.left_on - knowable).days if knowable else None,
        "signals": [_signal(one) for one in fired],
        "alarms": _alarms(fired),
        "first_signal": _signal(first) if first else None,
        "lead_days": (departed.left_on - first.at.date()).days if first else None,
        "acts": [_act(one) for one in after],
        "first_response": _act(response) if response else None,
        "response_days": (response.at - first.at).days if response and first else None,
        "missed": _missed(first, response, watched, aside=any(act.kind in ASIDE for act in after)),
    }


def _alarms(fired: Sequence[Signal]) -> dict[str, int]:
    answered = [one for one in fired if any(given.kind not in ASIDE for given in one.answers)]
    aside = [one for one in fired if one.answers and one not in answered]
    return {
        "fired": len(fired),
        "delivered": sum(bool(one.told) for one in fired),
        "answered": len(answered),
        "put_aside": len(aside),
    }


def _knowable(health: Sequence[Health]) -> date | None:
    """The first day from which on its health was never seen Healthy again until it left."""
    found = None
    for one in reversed(health):
        if one.band == "green":
            break
        if one.band in ("yellow", "red"):
            found = one.day
    return found


def _missed(first: Signal | None, response: Act | None, watched: bool, *, aside: bool) -> str:
    if first is None:
        return "no_firing" if watched else "no_rule"
    if response is None:
        return "put_aside" if aside else "no_response"
    return "late_response" if (response.at - first.at).days > SLOW_DAYS else "none"


def _signal(one: Signal) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "rule": one.rule,
        "title": one.title,
        "severity": one.severity,
        "sentence": one.sentence,
        "stood": one.stood,
        "number": one.number,
        "told": [{"at": each.at.isoformat(), "person": each.person} for each in one.told],
        "answers": [{"at": each.at.isoformat(), "kind": each.kind, "by": each.by} for each in one.answers],
    }


def _act(one: Act) -> dict[str, Any]:
    return {"at": one.at.isoformat(), "kind": one.kind, "what": one.what}
