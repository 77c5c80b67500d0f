"""The cadence of one account: what is due, what was kept and broken week by week, and the outputs of its phase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.access.queries import decisions
from keepwell.access.scopes import Scope
from keepwell.health.formulas import portfolio
from keepwell.health.models import Override, Score
from keepwell.kernel import errors
from keepwell.kernel.moments import end_of
from keepwell.ledger.models import Touchpoint
from keepwell.ledger.queries import accounts
from keepwell.plays.cadence_words import KINDS
from keepwell.plays.formulas import keeping
from keepwell.plays.formulas.keeping import State
from keepwell.plays.queries import cadences, outputs
from keepwell.plays.queries.cadences import StandingView
from keepwell.plays.queries.outputs import OutputView
from keepwell.plays.queries.phase_days import PhaseDays

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekView:
    """How the account stood at the end of a day, and how many conversations there were in the seven days up to it."""

    day: date
    state: State
    conversations: int


@dataclass(frozen=True)
class AccountCadence:
    """All of it as of a day. `weeks` ascend, the last is the day itself; `spells` are from when until when it was broken.

    `planned` is the next conversation that is already planned.
    """

    account_id: int
    standing: StandingView
    weeks: tuple[WeekView, ...]
    spells: tuple[tuple[date, date | None], ...]
    outputs: tuple[OutputView, ...]
    planned: datetime | None

    @property
    def kept_share(self) -> float | None:
        """The share of the looked-at weeks in which it was kept, from 0 to 1; None where it was never told."""
        told = [one.state for one in self.weeks if one.state in ("kept", "late")]
        return told.count("kept") / len(told) if told else None


def of_account(*, account_id: int, seen_by: Scope, day: date) -> AccountCadence:
    """The cadence of an account as of a day; what one may not see does not exist. Some twelve queries.

    Bands are those that stood on the days, owners' overrides included; tier and renewal date are today's.
    """
    if not cadences.seen(account_ids=[account_id], seen_by=seen_by):
        raise errors.NotFound("There is no such account.")
    grid = portfolio.days(day)
    said, calendar = cadences.in_force(), decisions.company().calendar
    since = grid[0] - timedelta(days=said.longest_days + 7)
    spoke = cadences.touches(account_ids=[account_id], since=since, until=day).get(account_id, [])
    bands = bands_on(account_ids=[account_id], days=grid)
    now = cadences.situations(account_ids=[account_id], bands={}, day=day)[account_id]
    phases = PhaseDays([account_id])
    first = _first_touch(account_id)
    told = []
    for on in grid:
        phase, phase_since = phases.on(account_id, on, imported=now.phase)
        at = keeping.Situation(
            on, bands[account_id, on], now.tier, phase, phase_since, now.since, now.renewal,
            first is not None and first <= on,
        )  # fmt: skip
        told.append(cadences.stands(account_id, said, at, spoke, calendar=calendar))
    weeks = tuple(
        WeekView(one.situation.day, _lived(one), _counted(spoke, one.situation.day)) for one in told
    )
    asked = outputs.of_accounts(situations={account_id: told[-1].situation}, seen_by=seen_by)
    return AccountCadence(
        account_id=account_id,
        standing=told[-1],
        weeks=weeks,
        spells=keeping.spells({one.day: one.state for one in weeks}),
        outputs=asked,
        planned=_planned(account_id, day),
    )


def _lived(one: StandingView) -> State:
    """Before it was a customer nothing was asked of anybody."""
    since = one.situation.since
    return "unasked" if since is not None and one.situation.day < since else one.state


def bands_on(*, account_ids: Sequence[int], days: Sequence[date]) -> Mapping[tuple[int, date], str]:
    """The band in which accounts stood at the end of each of some ascending days. Two queries."""
    rows = Score.objects.filter(account__in=account_ids, as_of__gte=days[0] - WEEK, as_of__lte=days[-1])
    scored = list(rows.order_by("as_of").values_list("account", "as_of", "band"))
    held = list(
        Override.objects.filter(account__in=account_ids).values_list("account", "band", "made_at", "ended_at")
    )
    found = {(pk, day): "none" for pk in account_ids for day in days}
    for pk, as_of, band in scored:
        for day in days:
            if as_of <= day < as_of + WEEK:
                found[pk, day] = band
    for pk, band, made, ended in held:
        for day in days:
            if made < end_of(day) and (ended is None or ended >= end_of(day)):
                found[pk, day] = band
    return found


def _first_touch(account_id: int) -> date | None:
    held = Touchpoint.objects.filter(account=account_id, declined=False, kind__in=KINDS)
    first = held.order_by("held_at").values_list("held_at", flat=True).first()
    return None if first is None else first.date()


def _counted(spoke: Sequence[tuple[date, str]], day: date) -> int:
    return sum(1 for on, _ in spoke if day - WEEK < on <= day)


def _planned(account_id: int, day: date) -> datetime | None:
    """The next conversation after a day."""
    ahead = Touchpoint.objects.filter(
        account=account_id, declined=False, kind__in=KINDS, held_at__gte=end_of(day)
    )
    return ahead.order_by("held_at").values_list("held_at", flat=True).first()


def find(*, key: str, seen_by: Scope, day: date) -> AccountCadence:
    """The same by the account's key."""
    found = accounts.visible(seen_by=seen_by).filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise errors.NotFound('There is no account "%(key)s".', key=key)
    return of_account(account_id=found, seen_by=seen_by, day=day)
