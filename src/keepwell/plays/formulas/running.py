"""Which steps of a run begin, are skipped or end by a moment. Pure: the live run and the dry run ask the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Literal, NamedTuple

from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.moments import DAY
from keepwell.plays.playbook import BRANCH, Declared, Step

State = Literal["waiting", "open", "done", "skipped", "failed"]
OVER = frozenset(("done", "skipped", "failed"))


class Truth(NamedTuple):
    """What a condition says of an account, None: cannot be told; and why."""

    holds: bool | None
    because: tuple[str, ...] = ()


Truths = Callable[[str], Truth]


@dataclass(frozen=True)
class Stands:
    """How a step stands."""

    state: State = "waiting"
    outcome: str = ""
    begins_at: datetime | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None


class Move(NamedTuple):
    """A step comes to stand otherwise, and why."""

    step: Step
    to: Stands
    because: tuple[str, ...] = ()


def order(playbook: Declared) -> tuple[str, ...]:
    """The steps, each after those that it waits for; else as they are written."""
    graph = TopologicalSorter({step.slug: [after.step for after in step.after] for step in playbook.steps})
    place = {step.slug: number for number, step in enumerate(playbook.steps)}
    graph.prepare()
    found: list[str] = []
    while graph.is_active():
        ready = sorted(graph.get_ready(), key=place.__getitem__)
        found += ready
        graph.done(*ready)
    return tuple(found)


def planned(playbook: Declared) -> tuple[tuple[Step, int, int], ...]:
    """Each step with the working days on which it begins and is due if all goes as written, the first to begin first."""
    days: dict[str, tuple[int, int]] = {}
    for slug in order(playbook):
        step = playbook.step(slug)
        begins = max((days[after.step][1] for after in step.after), default=0) + step.day
        days[slug] = begins, begins + step.days
    return tuple(
        (step, *days[step.slug]) for step in sorted(playbook.steps, key=lambda one: days[one.slug][0])
    )


def next_move(
    playbook: Declared,
    stands: Mapping[str, Stands],
    *,
    started_at: datetime,
    at: datetime,
    truths: Truths,
    is_automatic: Callable[[str], bool],
    calendar: WorkCalendar,
) -> Move | None:
    """The first step that comes to stand otherwise by `at`; None when all stand as they should. Ask until it is None."""
    for slug in order(playbook):
        step, now = playbook.step(slug), stands.get(slug, Stands())
        move = None
        if now.state == "waiting":
            move = _waiting(
                step, now, playbook, stands, started_at=started_at, at=at, truths=truths,
                is_automatic=is_automatic, calendar=calendar,
            )  # fmt: skip
        elif now.state == "open" and step.is_flow:
            move = _flowing(step, now, at, truths)
        if move is not None:
            return move
    return None


def _waiting(
    step: Step,
    now: Stands,
    playbook: Declared,
    stands: Mapping[str, Stands],
    *,
    started_at: datetime,
    at: datetime,
    truths: Truths,
    is_automatic: Callable[[str], bool],
    calendar: WorkCalendar,
) -> Move | None:
    since = started_at
    for after in step.after:
        before = stands.get(after.step, Stands())
        if before.state not in OVER:
            return None
        if after.outcome and before.outcome != after.outcome:
            title = playbook.step(after.step).title
            said = f"{title}: {before.outcome}" if before.outcome else f"{title} was skipped"
            return Move(step, Stands("skipped", "", now.begins_at, None, at), (said,))
        since = max(since, before.ended_at or started_at)
    begins_at = now.begins_at or calendar.after(since, DAY * step.day)
    if begins_at > at:
        return None if now.begins_at else Move(step, replace(now, begins_at=begins_at))
    if step.when is not None:
        told = truths(f"when:{step.slug}")
        unknown = told.holds is None and (step.is_flow or is_automatic(step.kind))
        if told.holds is False or unknown:
            return Move(step, Stands("skipped", "", begins_at, None, at), told.because)
    due_at = calendar.after(max(begins_at, started_at), DAY * step.days)
    return Move(step, Stands("open", "", begins_at, due_at))


def _flowing(step: Step, now: Stands, at: datetime, truths: Truths) -> Move | None:
    told = truths(f"asks:{step.slug}")
    if step.kind == BRANCH:
        return Move(
            step, replace(now, state="done", outcome="yes" if told.holds else "no", ended_at=at), told.because
        )
    if told.holds:
        return Move(step, replace(now, state="done", outcome="held", ended_at=at), told.because)
    if now.due_at is not None and now.due_at <= at:
        return Move(step, replace(now, state="done", outcome="timed_out", ended_at=at), told.because)
    return None


def is_over(playbook: Declared, stands: Mapping[str, Stands]) -> bool:
    """Whether nothing is left to do."""
    return all(stands.get(step.slug, Stands()).state in OVER for step in playbook.steps)
