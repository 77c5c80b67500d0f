"""The path of an account through its phases, from all that says in which it was: by hand, rule, import or days. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from keepwell.kernel.moments import DAY
from keepwell.plays.cadence import Cadence, Phase

By = Literal["hand", "rule", "import", "days", "untold"]
TOLD: tuple[By, ...] = ("hand", "rule", "import")
Spoken = tuple[date, date | None, str]


@dataclass(frozen=True)
class Stay:
    """An account is in a phase on the days with since ≤ day < until (None: still); "" where it cannot be told.

    `is_dated` is false where nothing tells on which day it began: `since` is then the first day of which it is told.
    """

    phase: str
    since: date
    until: date | None
    by: By
    is_dated: bool = True

    def days(self, day: date) -> int:
        """How long it lasts by a day."""
        return ((self.until or day) - self.since).days


@dataclass(frozen=True)
class Told:
    """All that says in which phase an account was.

    `said`: by hand, from when until when which. `held`: by rule, for each phase in its order, from when until when, and
    whether it holds or cannot be told. `changes`: of what came in: the day and what it was before, ascending; `imported`
    is what it is now.
    """

    since: date | None
    renewal: date | None
    left: date | None
    imported: str = ""
    said: tuple[Spoken, ...] = ()
    held: tuple[tuple[str, date, date | None, bool], ...] = ()
    changes: tuple[tuple[date, str], ...] = ()
    order: tuple[str, ...] = ()


def before(said: str | None) -> str:
    """What a phase was before it changed, from the JSON that the ledger keeps."""
    found = json.loads(said) if said else None
    return found if isinstance(found, str) else ""


def named(cadence: Cadence, text: str) -> str:
    """The slug of a phase by what an account calls it; one that is not declared is called by itself."""
    said = text.strip().lower()
    found = next((one.slug for one in cadence.phases if said and said in one.names), None)
    return found or said


def path(told: Told, cadence: Cadence, *, day: date) -> tuple[Stay, ...]:
    """Its phases in order until the end of a day; nothing before it was a customer but what somebody said."""
    ends = told.left if told.left is not None and told.left <= day else None
    turns = {*_turns(told, cadence), *_last_days(told, day)}
    days = sorted({on for on in turns if on <= day and (ends is None or on < ends)})
    found: list[Stay] = []
    for on in days:
        stay = _on(told, cadence, on, day)
        if stay is None:
            continue
        if found and found[-1].phase == stay.phase:
            continue
        if found:
            found[-1] = replace(found[-1], until=on)
        found.append(stay)
    if found and ends is not None:
        found[-1] = replace(found[-1], until=ends)
    return tuple(found)


def _turns(told: Told, cadence: Cadence) -> list[date]:
    """Every day on which the phase can have become another."""
    spans = [(since, until) for since, until, _ in told.said]
    spans += [(since, until) for _, since, until, _ in told.held]
    days = [on for span in spans for on in span if on is not None]
    days += [on for on, _ in told.changes]
    if told.since is not None:
        days.append(told.since)
    for phase in cadence.phases:
        began = reckoned(phase, told)
        if began is not None and (told.since is None or began >= told.since):
            days.append(began)
        if phase.until_day is not None and told.since is not None:
            days.append(told.since + DAY * phase.until_day)
        if phase.before_renewal_days is not None and told.renewal is not None:
            days.append(told.renewal + DAY)
    return days


def _last_days(told: Told, day: date) -> list[date]:
    """The asked day, and the day before the first change: on those at the latest what came in first is there."""
    first = min((on for on, _ in told.changes), default=None)
    return [day] if first is None or first > day else [first - DAY, day]


def reckoned(phase: Phase, told: Told) -> date | None:
    """The day on which a phase begins that is told by days."""
    if phase.before_renewal_days is not None:
        return None if told.renewal is None else told.renewal - DAY * phase.before_renewal_days
    if phase.from_day is None or told.since is None:
        return None
    return told.since + DAY * phase.from_day


def _on(told: Told, cadence: Cadence, on: date, day: date) -> Stay | None:
    for since, until, phase in told.said:
        if _within(on, since, until):
            return Stay(named(cadence, phase), on, None, "hand")
    for slug in told.order:
        here = next((one for one in told.held if one[0] == slug and _within(on, one[1], one[2])), None)
        if here is not None:
            return Stay(named(cadence, slug), on, None, "rule") if here[3] else Stay("", on, None, "untold")
    if told.since is not None and on < told.since:
        return None
    return _imported(told, cadence, on, day) or _by_days(told, cadence, on)


def _imported(told: Told, cadence: Cadence, on: date, day: date) -> Stay | None:
    """As it came in: from the day of its change; the first from the day on which it is reckoned to have begun.

    Where no day tells when the first began, it is there on days on which nothing else is reckoned, and on the asked day.
    """
    text = next((was for at, was in told.changes if at > on), told.imported)
    slug = named(cadence, text)
    if not slug:
        return None
    if any(at <= on for at, _ in told.changes):
        return Stay(slug, on, None, "import")
    ends = min((at for at, _ in told.changes), default=day + DAY)
    phase = cadence.phase(slug)
    began = None if phase is None else reckoned(phase, told)
    if began is not None and began < ends:
        return Stay(slug, on, None, "import") if began <= on else None
    if on != min(ends - DAY, day) and _by_days(told, cadence, on) is not None:
        return None
    return Stay(slug, on, None, "import", is_dated=False)


def _by_days(told: Told, cadence: Cadence, on: date) -> Stay | None:
    holding = [one for one in cadence.phases if _holds(one, told, on)]
    renewing = [one for one in holding if one.before_renewal_days is not None]
    found = (renewing or holding)[:1]
    return Stay(found[0].slug, on, None, "days") if found else None


def _holds(phase: Phase, told: Told, on: date) -> bool:
    began = reckoned(phase, told)
    if began is None or began > on:
        return False
    if phase.before_renewal_days is not None:
        return told.renewal is not None and on <= told.renewal
    ends = None if phase.until_day is None or told.since is None else told.since + DAY * phase.until_day
    return ends is None or on < ends


def _within(on: date, since: date, until: date | None) -> bool:
    return since <= on and (until is None or on < until)


def came(one: Stay, after: Stay | None) -> bool | None:
    """Whether a stay came to its end by another phase; leaving us is none. None where its time is only reckoned by days."""
    if one.by not in TOLD or not one.is_dated:
        return None
    if after is None:
        return False
    return True if after.by in TOLD and after.is_dated else None


def now(stays: Sequence[Stay]) -> Stay | None:
    """The phase that lasts on."""
    return stays[-1] if stays and stays[-1].until is None else None
