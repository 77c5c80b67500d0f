"""The journey of one account as of a day: its path, talks and frictions in each phase, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import polars as pl

from keepwell.access.scopes import Scope
from keepwell.kernel import errors
from keepwell.kernel.moments import Grid, day_of, end_of
from keepwell.ledger import frames
from keepwell.ledger.queries import accounts
from keepwell.metrics.conditions import judging as one_row
from keepwell.metrics.conditions.words import words
from keepwell.outcomes.formulas import frictions, pathing
from keepwell.outcomes.formulas.pathing import By, Stay
from keepwell.outcomes.queries import frictions as noted
from keepwell.outcomes.queries import journeys
from keepwell.outcomes.queries.frictions import FrictionView
from keepwell.outcomes.queries.journeys import Phases
from keepwell.segments.queries import vocabulary
from keepwell.signals.queries import judging, replaying

State = Literal["stalled", "ready", "under_way", "left", "unknown"]
COLUMNS = ("name", "at", "known_at", "feature", "value", "person", "props")


@dataclass(frozen=True)
class CriterionView:
    """By what a phase begins or ends: in words, as a condition in words, and whether that holds now, because of what."""

    said: str
    condition: str = ""
    holds: bool | None = None
    because: tuple[str, ...] = ()

    @property
    def is_said(self) -> bool:
        """Whether anything is declared."""
        return bool(self.said or self.condition)


@dataclass(frozen=True)
class StayView:
    """A phase that the account was or is in. `days` against `expected` (None: nothing is expected); `by` what put it there.

    `touchpoints` are the kinds of conversations in it, with how many there were. `is_dated`: the day it began on is told.
    """

    phase: str
    title: str
    since: date
    until: date | None
    by: By
    is_dated: bool
    days: int
    expected: int | None
    touchpoints: tuple[tuple[str, int], ...]
    frictions: tuple[FrictionView, ...]

    @property
    def over(self) -> int:
        """By how many days it is longer than expected; 0 where it is not, or where its beginning is not told."""
        return max(0, self.days - self.expected) if self.expected is not None and self.is_dated else 0

    @property
    def conversations(self) -> int:
        """How many there were."""
        return sum(count for _, count in self.touchpoints)


@dataclass(frozen=True)
class AccountJourney:
    """All of it as of a day; `stays` and `frictions` ascend. `entry` and `exit` are the criteria of the present phase."""

    account_id: int
    key: str
    name: str
    day: date
    state: State
    stays: tuple[StayView, ...]
    frictions: tuple[FrictionView, ...]
    entry: CriterionView
    exit: CriterionView
    talks: tuple[date, ...]

    @property
    def now(self) -> StayView | None:
        """The phase that lasts on."""
        return self.stays[-1] if self.stays and self.stays[-1].until is None else None


def find(*, key: str, seen_by: Scope, day: date, known_by: datetime | None = None) -> AccountJourney:
    """By the account's key; what one may not see does not exist. Some forty queries, two looks at its facts."""
    row = accounts.visible(seen_by=seen_by).filter(key=key).first()
    if row is None:
        raise errors.NotFound('There is no account "%(key)s".', key=key)
    known = journeys.known_phases()
    stays = journeys.paths(account_ids=[row.pk], known=known, day=day, known_by=known_by)[row.pk]
    facts = _facts(row.pk, day, known_by)
    against = noted.of_account(
        account=row, seen_by=seen_by, derived=frictions.derived(facts, day=day), day=day, known_by=known_by
    )
    talks = [(day_of(one["at"]), one["feature"]) for one in facts if one["name"] == "touchpoint.held"]
    shown = tuple(_stay(one, known, against, talks, day) for one in stays)
    present = pathing.now(stays)
    entry, leave = _criteria(row.pk, known, present, day, known_by)
    return AccountJourney(
        account_id=row.pk,
        key=row.key,
        name=row.name or row.key,
        day=day,
        state=_state(shown, leave, is_gone=_is_gone(row.pk, day)),
        stays=shown,
        frictions=against,
        entry=entry,
        exit=leave,
        talks=tuple(on for on, _ in talks),
    )


def _facts(account_id: int, day: date, known_by: datetime | None) -> list[dict[str, Any]]:
    rows = frames.events(
        until=end_of(day), known_by=known_by, accounts=[account_id], kind="fact", names=frictions.NAMES
    ).to_native()
    found: pl.DataFrame = rows.select(*COLUMNS).collect().sort("at", "known_at", "name")
    return found.to_dicts()


def _stay(
    one: Stay, known: Phases, against: Sequence[FrictionView], talks: Sequence[tuple[date, str]], day: date
) -> StayView:
    def inside(on: date) -> bool:
        return one.since <= on and (one.until is None or on < one.until)

    kinds = [kind for on, kind in talks if inside(on)]
    return StayView(
        phase=one.phase,
        title=known.title(one.phase),
        since=one.since,
        until=one.until,
        by=one.by,
        is_dated=one.is_dated,
        days=one.days(day),
        expected=known.expected(one.phase),
        touchpoints=tuple(sorted((kind, kinds.count(kind)) for kind in set(kinds))),
        frictions=tuple(friction for friction in against if inside(friction.on)),
    )


def _criteria(
    account_id: int, known: Phases, present: Stay | None, day: date, known_by: datetime | None
) -> tuple[CriterionView, CriterionView]:
    """The criteria of the phase in which the account is, each with whether it holds; a few scans of its facts where asked."""
    if present is None or not present.phase:
        return CriterionView(""), CriterionView("")
    said = known.journey.phase(present.phase)
    stated = {0: (said.entry, said.entry_when), 1: (said.exit, said.exit_when)}
    vocab = vocabulary.accounts() if any(when is not None for _, when in stated.values()) else None
    read = {n: vocabulary.read(when, vocab) for n, (_, when) in stated.items() if when is not None}
    plain = {n: vocabulary.plain(one, vocab) for n, one in read.items()}
    answers = _judged(account_id, plain, day, known_by)
    found = [
        CriterionView(text, words(read[n]) if n in read else "", *answers.get(n, (None, ())))
        for n, (text, _) in stated.items()
    ]
    return found[0], found[1]


def _judged(
    account_id: int, conditions: dict[int, Any], day: date, known_by: datetime | None
) -> dict[int, tuple[bool | None, tuple[str, ...]]]:
    if not conditions:
        return {}
    if known_by is not None:
        table = replaying.rows(list(conditions.values()), grid=Grid(day), accounts=[account_id])
        row = next(iter(table.iter_rows(named=True)), {})
        told = {n: one_row.judge(one, row, as_of=day) for n, one in conditions.items()}
        return {n: (one.holds, one.because) for n, one in told.items()}
    found: dict[int, tuple[bool | None, tuple[str, ...]]] = {}
    for judged in judging.judged(conditions, accounts=[account_id], day=day, whole=False):
        for n in conditions:
            holds = dict(judged.answers(n).iter_rows()).get(account_id)
            found[n] = (holds, judged.because(n, [account_id]).get(account_id, ()))
    return found


def _is_gone(account_id: int, day: date) -> bool:
    left = journeys.left_on(account_ids=[account_id]).get(account_id)
    return left is not None and left <= day


def _state(stays: Sequence[StayView], leave: CriterionView, *, is_gone: bool) -> State:
    if is_gone:
        return "left"
    if not stays or stays[-1].until is not None or not stays[-1].phase:
        return "unknown"
    if leave.holds:
        return "ready"
    return "stalled" if stays[-1].over else "under_way"
