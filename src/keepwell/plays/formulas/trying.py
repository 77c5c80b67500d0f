"""What a playbook would have done, day by day. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from keepwell.kernel.calendars import WorkCalendar
from keepwell.plays.formulas import running
from keepwell.plays.formulas.running import Move, Stands, Truth
from keepwell.plays.playbook import Declared, Step

MORNING = time(9)


@dataclass(frozen=True)
class Happening:
    """What became of a step, or of the whole run where `step` is None, on a day, and why."""

    day: date
    step: Step | None
    what: str
    because: tuple[str, ...] = ()


def days(
    playbook: Declared,
    *,
    since: date,
    until: date,
    truths: Callable[[date, str], Truth],
    usual: Mapping[str, str],
    automatic: Mapping[str, bool],
    calendar: WorkCalendar,
) -> Iterator[Happening]:
    """Each happening from a day on, as if everybody did each step on the day on which it was due, in its usual way.

    `usual` is the outcome by kind of step, `automatic` whether it needs nobody: such a step is over at once. Conditions are
    asked of each day. A goal that is reached, an exit or the time that a playbook has ends it, a pause lets it rest.
    """
    zone, stands, rested = ZoneInfo(calendar.time_zone), dict[str, Stands](), timedelta(0)
    begun = datetime.combine(since, MORNING, tzinfo=zone)
    day, paused = since, False
    while day <= until:
        at = datetime.combine(day, MORNING, tzinfo=zone) - rested
        told = {name: truths(day, name) for name in ("exit", "goal", "pauses") if name in playbook.conditions}
        for name, what in (("exit", "left"), ("goal", "reached")):
            if name in told and told[name].holds:
                yield Happening(day, None, what, told[name].because)
                return
        if (day - since).days >= playbook.most_days:
            yield Happening(day, None, "expired")
            return
        rests = "pauses" in told and bool(told["pauses"].holds)
        if rests != paused:
            yield Happening(day, None, "paused" if rests else "resumed", told["pauses"].because)
            paused = rests
        if paused:
            rested += timedelta(days=1)
        else:
            yield from _on(playbook, stands, day, at, begun, truths, usual, automatic, calendar)
            if running.is_over(playbook, stands):
                yield Happening(day, None, "finished")
                return
        day += timedelta(days=1)


def _on(
    playbook: Declared,
    stands: dict[str, Stands],
    day: date,
    at: datetime,
    begun: datetime,
    truths: Callable[[date, str], Truth],
    usual: Mapping[str, str],
    automatic: Mapping[str, bool],
    calendar: WorkCalendar,
) -> Iterator[Happening]:
    while True:
        for slug, now in stands.items():
            step = playbook.step(slug)
            if now.state == "open" and not step.is_flow and now.due_at is not None and now.due_at <= at:
                stands[slug] = replace(now, state="done", outcome=usual[step.kind], ended_at=at)
                yield Happening(day, step, usual[step.kind])
        move = running.next_move(
            playbook, stands, started_at=begun, at=at, truths=lambda name: truths(day, name),
            is_automatic=lambda kind: automatic[kind], calendar=calendar,
        )  # fmt: skip
        if move is None:
            return
        stands[move.step.slug] = move.to
        if (told := _told(move, day)) is not None:
            yield told
        if move.to.state == "open" and not move.step.is_flow and automatic[move.step.kind]:
            stands[move.step.slug] = replace(
                move.to, state="done", outcome=usual[move.step.kind], ended_at=at
            )
            yield Happening(day, move.step, usual[move.step.kind])


def _told(move: Move, day: date) -> Happening | None:
    if move.to.state == "waiting":
        return None
    return Happening(day, move.step, move.to.outcome or move.to.state, move.because)
