"""How often customers are to be met: what is declared, and how accounts stand against it on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.health.models import Path
from keepwell.hooks import specs
from keepwell.hooks.rhythms import Rhythms
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of, end_of, start_of
from keepwell.ledger.models import Account, Touchpoint
from keepwell.ledger.queries import accounts
from keepwell.plays import cadence, models
from keepwell.plays.cadence import Cadence, Rhythm
from keepwell.plays.cadence_words import KINDS
from keepwell.plays.formulas import keeping
from keepwell.plays.formulas.keeping import Duty, Situation, State, Verdict
from keepwell.plays.queries.phase_days import PhaseDays

EVERY = {
    1: speech.later("every day"),
    7: speech.later("each week"),
    14: speech.later("every two weeks"),
    30: speech.later("each month"),
    91: speech.later("each quarter"),
}


@dataclass(frozen=True)
class DeclarationView:
    """A cadence that was declared: since when, by whom, until when. Nothing declared: no day."""

    cadence: Cadence
    declared_at: datetime | None
    declared_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True)
class StandingView:
    """How an account stands on a day: each rule that is asked of it, those that win first, and the phase it is in."""

    account_id: int
    situation: Situation
    state: State
    verdicts: tuple[Verdict, ...]
    within: keeping.Within | None

    @property
    def next(self) -> Verdict | None:
        """The rule that is due first, of those that win."""
        return next((one for one in self.verdicts if one.wins), None)

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The rules that win and are broken."""
        return (
            tuple(one for one in self.verdicts if one.wins and not one.kept) if self.state == "late" else ()
        )


RuleVerdict = Verdict  # as faces call it
BANDS = {
    "red": speech.later("At risk"),
    "yellow": speech.later("Watch"),
    "green": speech.later("Healthy"),
}


def rhythm_said(rhythm: Rhythm) -> str:
    """How often that is, in words."""
    if rhythm.counts == "working":
        every = speech.counted(
            rhythm.every_days, "every working day", "every %(n)s working days", n=rhythm.every_days
        )
    else:
        every = EVERY.get(rhythm.every_days) or speech.told("every %(n)s days", n=rhythm.every_days)
    if rhythm.times == 1:
        return speech.said(every)
    return speech.told("%(times)s times %(every)s", times=rhythm.times, every=speech.said(every))


def rule_said(duty: Duty) -> str:
    """Which rule it is, and what it asks."""
    title = speech.said(BANDS.get(duty.slug, duty.title)) if duty.origin == "band" else duty.title
    return speech.told("%(title)s, %(often)s", title=title, often=rhythm_said(duty.rhythm))


def in_force() -> Cadence:
    """What holds now; nothing declared: as usual. One query."""
    row = models.CadenceDeclaration.objects.filter(ended_at=None).first()
    return cadence.usual() if row is None else cadence.read(row.definition)


def declared() -> dict[str, Any] | None:
    """What is declared as it is written; None where nothing is. One query."""
    row = models.CadenceDeclaration.objects.filter(ended_at=None).first()
    return None if row is None else cadence.read(row.definition).written


def everything(*, seen_by: Scope) -> tuple[DeclarationView, ...]:
    """What holds, then what was declared before, the latest first. One query."""
    del seen_by  # everybody may know how often customers are to be met
    rows = models.CadenceDeclaration.objects.select_related("declared_by").order_by("-declared_at", "-pk")
    told = [
        DeclarationView(
            cadence.read(row.definition), row.declared_at, str(row.declared_by or ""), row.ended_at
        )
        for row in rows
    ]
    holds = [one for one in told if one.ended_at is None] or [DeclarationView(cadence.usual(), None, "")]
    return (*holds, *(one for one in told if one.ended_at is not None))


def situations(*, account_ids: Collection[int], bands: Mapping[int, str], day: date) -> dict[int, Situation]:
    """Accounts on a day, with the bands that are given; their tier and renewal are today's. Two to four queries."""
    phases = PhaseDays(account_ids)
    rows = Account.objects.filter(pk__in=account_ids).values_list(
        "pk", "tier", "phase", "since", "renewal_date", "last_touch_at"
    )
    return {
        pk: Situation(
            day, bands.get(pk, "none"), tier, *phases.on(pk, day, imported=phase), since, renewal,
            touched is not None and day_of(touched) <= day,
        )
        for pk, tier, phase, since, renewal, touched in rows
    }  # fmt: skip


def touches(*, account_ids: Collection[int], since: date, until: date) -> dict[int, list[tuple[date, str]]]:
    """Conversations that took place with accounts on the days since ≤ day ≤ until: day and kind, ascending. One query.

    What was declined and notes are none.
    """
    rows = Touchpoint.objects.filter(
        account__in=account_ids, declined=False, kind__in=KINDS,
        held_at__gte=start_of(since), held_at__lt=end_of(until),
    )  # fmt: skip
    found: dict[int, list[tuple[date, str]]] = {}
    for account, held_at, kind in rows.order_by("held_at").values_list("account", "held_at", "kind"):
        found.setdefault(account, []).append((day_of(held_at), kind))
    return found


def standings(
    *, account_ids: Collection[int], bands: Mapping[int, str], day: date, back_days: int | None = None
) -> dict[int, StandingView]:
    """How accounts stand on a day. Five to seven queries, however many they are.

    Conversations are looked for `back_days` back, at least as far as the longest rhythm reaches.
    """
    said, calendar = in_force(), decisions.company().calendar
    span = max(said.longest_days, back_days or 0)
    spoke = touches(account_ids=account_ids, since=day - timedelta(days=span + 1), until=day)
    at = situations(account_ids=account_ids, bands=bands, day=day)
    return {pk: stands(pk, said, one, spoke.get(pk, ()), calendar=calendar) for pk, one in at.items()}


def stands(
    account_id: int, said: Cadence, at: Situation, spoke: Sequence[tuple[date, str]], *, calendar: Any
) -> StandingView:
    """How one account stands; nothing is asked of the database."""
    told = keeping.verdicts(keeping.duties(said, at), touches=spoke, day=at.day, calendar=calendar)
    tier = said.tier(at.tier)
    automated = tier is not None and tier.rhythm is None
    state = keeping.state(told, at, automated=automated)
    return StandingView(account_id, at, state, told, keeping.within(said, at))


def stored(*, account_id: int) -> str:
    """How an account stood when the figures were last computed; "" where they were not. One query."""
    return Path.objects.filter(pk=account_id).values_list("cadence", flat=True).first() or ""


def seen(*, account_ids: Iterable[int], seen_by: Scope) -> list[int]:
    """Those of the accounts that the asker may see. One query."""
    return list(
        accounts.visible(seen_by=seen_by).filter(pk__in=list(account_ids)).values_list("pk", flat=True)
    )


class Declared:
    """This stage's word on whether customers are met as often as is asked."""

    def definition(self) -> Any:
        """What is declared, and on which days the company works. Two queries."""
        calendar = decisions.company().calendar
        working = [sorted(calendar.working_days), sorted(map(str, calendar.holidays))]
        return [in_force().written, working]

    def states(self, *, bands: Mapping[int, str], as_of: date) -> Mapping[int, str]:
        """By account; five to seven queries."""
        found = standings(account_ids=list(bands), bands=bands, day=as_of)
        return {pk: one.state for pk, one in found.items()}


@specs.impl
def rhythms() -> Sequence[Rhythms]:
    """Who says it."""
    return (Declared(),)
