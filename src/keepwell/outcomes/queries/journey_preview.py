"""What a journey that nobody declared yet would say of the accounts of today, beside what is in force. Nothing is written."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models
from keepwell.outcomes.journey import Journey
from keepwell.outcomes.queries import journeys
from keepwell.segments.queries import vocabulary
from keepwell.signals.queries import judging

Stands = Literal["ready", "stalled", "under_way"]
NAMED = 5


@dataclass(frozen=True)
class NamedAccount:
    """An account that is named for the others."""

    key: str
    name: str


@dataclass(frozen=True)
class PhasePreview:
    """A phase with who is in it today; each pair is by what is in force, and by what is previewed.

    `ready`: its end holds; `stalled`: longer in it than expected; `early`: in it although its beginning does not hold.
    """

    phase: str
    title: str
    now: int
    ready: tuple[int, int]
    stalled: tuple[int, int]
    early: tuple[int, int]


@dataclass(frozen=True)
class Onward:
    """Accounts whose phase is at its end, by what holds and by what is previewed; `to` is the phase that follows ("": none)."""

    phase: str
    title: str
    to: str
    to_title: str
    before: int
    after: int
    first: tuple[NamedAccount, ...]


@dataclass(frozen=True)
class Turned:
    """Accounts of a phase that would stand otherwise."""

    phase: str
    title: str
    before: Stands
    after: Stands
    accounts: int
    first: tuple[NamedAccount, ...]


@dataclass(frozen=True)
class JourneyPreview:
    """All of it, phases in the order that is previewed; the accounts with the largest ARR are named first."""

    accounts: int
    phases: tuple[PhasePreview, ...]
    onward: tuple[Onward, ...]
    turned: tuple[Turned, ...]


@dataclass(frozen=True)
class _Judged:
    """How accounts stand by one journey, and those in a phase whose beginning does not hold."""

    stands: Mapping[int, Stands]
    early: frozenset[int]


def find(*, definition: Any, seen_by: Scope, day: date) -> JourneyPreview:
    """Among the accounts that the asker may see. Some thirty queries and a few scans of the facts, however many they are.

    Criteria move nobody: who is in which phase is said by hand, by rule, by import or by days.
    """
    wanted, holds = journeys.read(definition), journeys.in_force()
    titles = journeys.known_phases()
    seen = accounts.visible(seen_by=seen_by).filter(merged_into=None)
    rows = (
        models.Stay.objects.filter(account__in=seen, until=None).exclude(phase="").select_related("account")
    )
    stays = list(rows.order_by(F("account__arr_reporting").desc(nulls_last=True), "account__key"))
    before, after = _judged({"holds": holds, "wanted": wanted}, stays, day)
    order = dict.fromkeys([*(one.slug for one in wanted.phases), *titles.titles, *(s.phase for s in stays)])
    by_phase: dict[str, list[models.Stay]] = defaultdict(list)
    for stay in stays:
        by_phase[stay.phase].append(stay)
    shown = [slug for slug in order if slug in titles.titles or by_phase[slug]]
    return JourneyPreview(
        len(stays),
        tuple(_phase(slug, titles.title(slug), by_phase[slug], before, after) for slug in shown),
        tuple(_onward(shown, by_phase, titles, before, after)),
        tuple(turn for slug in shown for turn in _turned(slug, titles.title(slug), by_phase[slug], before, after)),
    )  # fmt: skip


def _judged(said: Mapping[str, Journey], stays: Sequence[models.Stay], day: date) -> tuple[_Judged, _Judged]:
    """By both journeys; the conditions of both are judged together."""
    stated = {
        (of, one.slug, end): when
        for of, journey in said.items()
        for one in journey.phases
        for end, when in (("entry", one.entry_when), ("exit", one.exit_when))
        if when is not None
    }
    answers = _answers(stated, stays, day)
    found = [_stands(of, journey, stays, answers, day) for of, journey in said.items()]
    return found[0], found[1]


def _answers(
    stated: Mapping[tuple[str, str, str], Any], stays: Sequence[models.Stay], day: date
) -> dict[tuple[str, str, str], dict[int, bool | None]]:
    asked = {slug for _, slug, _ in stated}
    ids = [stay.account_id for stay in stays if stay.phase in asked]
    if not ids:
        return {}
    words, keys = vocabulary.accounts(), list(stated)
    conditions = {
        n: vocabulary.plain(vocabulary.read(stated[key], words), words) for n, key in enumerate(keys)
    }
    found: dict[tuple[str, str, str], dict[int, bool | None]] = defaultdict(dict)
    for block in judging.judged(conditions, accounts=ids, day=day, whole=False):
        for n, key in enumerate(keys):
            found[key].update(block.answers(n).iter_rows())
    return found


def _stands(
    of: str,
    said: Journey,
    stays: Sequence[models.Stay],
    answers: Mapping[tuple[str, str, str], Mapping[int, bool | None]],
    day: date,
) -> _Judged:
    stands: dict[int, Stands] = {}
    early = set()
    for stay in stays:
        if answers.get((of, stay.phase, "entry"), {}).get(stay.account_id) is False:
            early.add(stay.account_id)
        expected = said.phase(stay.phase).expected_days
        is_over = expected is not None and stay.is_dated and (day - stay.since).days > expected
        is_ready = answers.get((of, stay.phase, "exit"), {}).get(stay.account_id) is True
        stands[stay.account_id] = "ready" if is_ready else "stalled" if is_over else "under_way"
    return _Judged(stands, frozenset(early))


def _phase(
    slug: str, title: str, stays: Sequence[models.Stay], before: _Judged, after: _Judged
) -> PhasePreview:
    ids = [stay.account_id for stay in stays]
    told = [Counter(said.stands[pk] for pk in ids) for said in (before, after)]
    early = [len(said.early.intersection(ids)) for said in (before, after)]
    return PhasePreview(
        slug,
        title,
        len(ids),
        (told[0]["ready"], told[1]["ready"]),
        (told[0]["stalled"], told[1]["stalled"]),
        (early[0], early[1]),
    )


def _onward(
    order: Sequence[str],
    by_phase: Mapping[str, Sequence[models.Stay]],
    titles: journeys.Phases,
    before: _Judged,
    after: _Judged,
) -> list[Onward]:
    found = []
    for slug, to in zip(order, [*order[1:], ""], strict=True):
        was = [stay for stay in by_phase[slug] if before.stands[stay.account_id] == "ready"]
        will = [stay for stay in by_phase[slug] if after.stands[stay.account_id] == "ready"]
        if was or will:
            following = titles.title(to) if to else ""
            found.append(Onward(slug, titles.title(slug), to, following, len(was), len(will), _first(will)))
    return found


def _turned(
    slug: str, title: str, stays: Sequence[models.Stay], before: _Judged, after: _Judged
) -> list[Turned]:
    moved: dict[tuple[Stands, Stands], list[models.Stay]] = defaultdict(list)
    for stay in stays:
        was, will = before.stands[stay.account_id], after.stands[stay.account_id]
        if was != will:
            moved[was, will].append(stay)
    return [
        Turned(slug, title, was, will, len(rows), _first(rows)) for (was, will), rows in sorted(moved.items())
    ]


def _first(stays: Sequence[models.Stay]) -> tuple[NamedAccount, ...]:
    rows = [stay.account for stay in stays[:NAMED]]
    return tuple(NamedAccount(row.key, row.name or row.key) for row in rows)
