"""Whether a customer is met as often as is asked: which rules hold on a day, when each is due, which of them wins. Pure.

Several rules may ask the same of an account: its band, its tier, its phase. The tightest wins, that is the one that is due
first: who keeps it keeps the others too, while any other order would call kept what one of them calls broken. Rules that ask
for different conversations (any, or a review) stand beside each other, and each must be kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.moments import DAY
from keepwell.plays.cadence import Cadence, Output, Phase, Rhythm
from keepwell.plays.cadence_words import KINDS

State = Literal["kept", "late", "unknown", "unasked"]
Origin = Literal["band", "tier", "phase"]
PLACES: tuple[Origin, ...] = ("phase", "band", "tier")
MOST_SPAN = 4000


@dataclass(frozen=True)
class Situation:
    """An account on a day: its band, tier and phase, since when it is in the phase and a customer, when it renews.

    `phase_since` is None where no day is told. `touched`: whether anybody ever spoke with it.
    """

    day: date
    band: str
    tier: str
    phase: str
    phase_since: date | None
    since: date | None
    renewal: date | None
    touched: bool


@dataclass(frozen=True)
class Within:
    """The declared phase in which an account is, and since when; the day is None where it cannot be told."""

    phase: Phase
    since: date | None

    def day(self, day: date) -> int | None:
        """The how manieth day of it a day is, the first being 0."""
        return None if self.since is None else (day - self.since).days


@dataclass(frozen=True)
class Duty:
    """What one rule asks of an account; `begins` is when it began to (None: it always did)."""

    origin: Origin
    slug: str
    title: str
    kinds: tuple[str, ...]
    rhythm: Rhythm
    begins: date | None = None


@dataclass(frozen=True)
class Verdict:
    """A rule on a day: the last conversation that counts, by which day the next is due, whether that is over.

    `wins`: no other rule that asks for the same is due sooner.
    """

    duty: Duty
    last: date | None
    due: date | None
    kept: bool
    wins: bool = True


@dataclass(frozen=True)
class Due:
    """An output of the phase: due on a day (None: nobody knows since when the phase is)."""

    phase: Phase
    since: date | None
    output: Output
    due: date | None


def within(cadence: Cadence, at: Situation) -> Within | None:
    """The phase of an account: by what its own phase is called, else by days; the nearness of its renewal goes first."""
    said = at.phase.strip().lower()
    named = next((one for one in cadence.phases if said and said in one.names), None)
    if named is not None:
        return Within(named, at.phase_since or _began(named, at))
    by_days = [(one, _began(one, at)) for one in cadence.phases]
    holding = [(one, began) for one, began in by_days if began is not None and _holds(one, began, at)]
    renewing = [pair for pair in holding if pair[0].before_renewal_days is not None]
    return Within(*(renewing or holding)[0]) if holding else None


def _began(phase: Phase, at: Situation) -> date | None:
    """When a phase that is told by days began."""
    if phase.before_renewal_days is not None:
        return None if at.renewal is None else at.renewal - DAY * phase.before_renewal_days
    if phase.from_day is None or at.since is None:
        return None
    return at.since + DAY * phase.from_day


def _holds(phase: Phase, began: date, at: Situation) -> bool:
    if phase.before_renewal_days is not None:
        return at.renewal is not None and began <= at.day <= at.renewal
    ends = None if phase.until_day is None or at.since is None else at.since + DAY * phase.until_day
    return began <= at.day and (ends is None or at.day < ends)


def duties(cadence: Cadence, at: Situation) -> tuple[Duty, ...]:
    """What is asked of an account on a day; of a tier that programmes look after, nothing."""
    tier = cadence.tier(at.tier)
    if tier is not None and tier.rhythm is None:
        return ()
    found = []
    if (rhythm := cadence.bands.get(at.band)) is not None:
        found.append(Duty("band", at.band, at.band, (), rhythm))
    if tier is not None and tier.rhythm is not None:
        found.append(Duty("tier", tier.slug, tier.title, (), tier.rhythm))
    if (here := within(cadence, at)) is not None:
        found += _of_phase(here, at.day, "" if tier is None else tier.slug)
    return tuple(found)


def _of_phase(here: Within, day: date, tier: str) -> list[Duty]:
    """What the phase asks for on a day; of a part of it only where it is known since when it is."""
    found, number = [], here.day(day)
    for one in here.phase.touchpoints:
        if one.tiers and tier not in one.tiers:
            continue
        is_part = one.from_day > 0 or one.until_day is not None
        if is_part and (
            number is None or number < one.from_day or (one.until_day is not None and number >= one.until_day)
        ):
            continue
        begins = None if here.since is None else here.since + DAY * one.from_day
        found.append(Duty("phase", f"{here.phase.slug}.{one.slug}", one.title, one.kinds, one.rhythm, begins))
    return found


def verdicts(
    asked: Sequence[Duty], *, touches: Sequence[tuple[date, str]], day: date, calendar: WorkCalendar
) -> tuple[Verdict, ...]:
    """Each rule on a day, those that win first, the soonest due before the others.

    `touches` are days and kinds of the conversations that took place until the day, ascending.
    """
    judged = [_judged(one, touches, day, calendar) for one in asked]
    first: dict[tuple[str, ...], Verdict] = {}
    for one in sorted(judged, key=_tightness):
        first.setdefault(one.duty.kinds, one)
    told = [
        Verdict(one.duty, one.last, one.due, one.kept, wins=first[one.duty.kinds] is one) for one in judged
    ]
    return tuple(sorted(told, key=lambda one: (not one.wins, one.due or date.min)))


def _tightness(one: Verdict) -> tuple[object, ...]:
    return (one.due or date.min, one.duty.rhythm.every_days, PLACES.index(one.duty.origin))


def _judged(duty: Duty, touches: Sequence[tuple[date, str]], day: date, calendar: WorkCalendar) -> Verdict:
    kinds = duty.kinds or KINDS
    counted = [on for on, kind in touches if kind in kinds and on <= day]
    last = counted[-1] if counted else None
    first = counted[-duty.rhythm.times] if len(counted) >= duty.rhythm.times else None
    starts = [on for on in (first, duty.begins) if on is not None]
    if not starts:
        return Verdict(duty, last, None, kept=False)
    due = after(max(starts), duty.rhythm, calendar)
    return Verdict(duty, last, due, kept=due >= day)


def after(start: date, rhythm: Rhythm, calendar: WorkCalendar) -> date:
    """The last day on which the next conversation keeps the rhythm."""
    if rhythm.counts == "calendar":
        return start + timedelta(days=rhythm.every_days)
    day, left = start, rhythm.every_days
    for _ in range(MOST_SPAN):
        day += DAY
        left -= calendar.works_on(day)
        if not left:
            break
    return day


def state(told: Sequence[Verdict], at: Situation, *, automated: bool) -> State:
    """How an account stands: late once any winning rule is broken; unknown while nobody knows of a conversation."""
    if automated:
        return "unasked"
    if not told or not at.touched:
        return "unknown"
    return "kept" if all(one.kept for one in told if one.wins) else "late"


def outputs(cadence: Cadence, at: Situation) -> tuple[Due, ...]:
    """What the phase of an account is to leave behind, the soonest due first."""
    here = within(cadence, at)
    if here is None:
        return ()
    found = [
        Due(here.phase, here.since, one, None if here.since is None else here.since + DAY * one.due_days)
        for one in here.phase.outputs
    ]
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.output.title)))


def spells(days: Mapping[date, State]) -> tuple[tuple[date, date | None], ...]:
    """From when until when the cadence was broken, by the looked-at days; None: still."""
    found: list[tuple[date, date | None]] = []
    began: date | None = None
    for day, how in sorted(days.items()):
        if how == "late" and began is None:
            began = day
        elif how != "late" and began is not None:
            found.append((began, day))
            began = None
    return tuple(reversed([*found, (began, None)] if began is not None else found))
