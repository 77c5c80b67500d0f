"""One account at a glance and on two days, over the REST API."""

from datetime import date, datetime

from ninja import Router, Schema

from keepwell.faces import clock, comparing, standing
from keepwell.faces.api import incidents
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import AccountOut, Band, IncidentOut, Problem
from keepwell.faces.standing import Moment, Standing
from keepwell.kernel.moments import within_reach

router = Router()
PROBLEMS = {401: Problem, 404: Problem, 422: Problem}


class HealthOut(Schema):
    """Where it stands: by its score, or by an override while one holds; `score_*` is what the score says."""

    points: float | None
    band: Band
    score_points: float | None
    score_band: Band
    known_weight: float
    as_of: date
    scorecard: str
    version: int


class StandingStakeholderOut(Schema):
    """One of the customer's people."""

    key: str
    name: str
    title: str
    roles: list[str]
    stance: str
    status: str


class NextOut(Schema):
    """An open task."""

    id: int
    title: str
    owner: str
    due_at: datetime


class AboveOut(Schema):
    """An account that stands above."""

    key: str
    name: str


class OverviewOut(Schema):
    """An account at the end of a day, as it was known before `known_by` (null: as known now)."""

    as_of: date
    known_by: datetime | None
    account: AccountOut
    phase: str
    above: list[AboveOut]
    health: HealthOut | None
    people: list[StandingStakeholderOut]
    incidents: list[IncidentOut]
    tasks: list[NextOut]


class LineOut(Schema):
    """One thing on both days; parts of the score also have their points. `change` is null where a day is not known."""

    group: str
    slug: str
    label: str
    unit: str
    before: float | None
    after: float | None
    change: float | None
    before_points: float | None
    after_points: float | None
    reason: str


class ComparisonOut(Schema):
    """Two days side by side."""

    account: str
    since: date
    until: date
    lines: list[LineOut]


@router.get("/overview/accounts/{path:account}", response={200: OverviewOut, **PROBLEMS})
def get_overview(
    request: Asked, account: str, as_of: date | None = None, known_then: bool = False
) -> OverviewOut:
    """How an account stands today, or stood at the end of a past day; with `known_then` by what was known by then."""
    day = None if as_of is None else within_reach(as_of)
    moment = Moment.on(day, now=clock.now(), then=known_then)
    return _overview(standing.read(key=account, moment=moment, seen_by=request.auth))


@router.get("/comparison/accounts/{path:account}", response={200: ComparisonOut, **PROBLEMS})
def get_comparison(
    request: Asked,
    account: str,
    since: date | None = None,
    until: date | None = None,
    known_then: bool = False,
) -> ComparisonOut:
    """An account on two days: a quarter ago and today, or any two."""
    first, last = comparing.days(
        since=None if since is None else within_reach(since),
        until=None if until is None else within_reach(until),
        then=known_then,
        now=clock.now(),
    )
    found = comparing.compare(key=account, first=first, last=last, seen_by=request.auth)
    return ComparisonOut(
        account=account,
        since=found.before.moment.day,
        until=found.after.moment.day,
        lines=[LineOut.from_orm(line) for line in found.lines],
    )


def _overview(told: Standing) -> OverviewOut:
    return OverviewOut(
        as_of=told.moment.day,
        known_by=told.moment.known_by,
        account=AccountOut.from_orm(told.account),
        phase=told.account.phase if told.phase is None else told.phase.phase,
        above=[AboveOut(key=key, name=name) for key, name in told.place.above] if told.place else [],
        health=_health(told),
        people=[StandingStakeholderOut.from_orm(one) for one in told.people],
        incidents=[incidents.out(one) for one in told.incidents if one.open],
        tasks=[
            NextOut(id=task.id, title=task.title, owner=task.owner, due_at=task.due_at) for task in told.tasks
        ],
    )


def _health(told: Standing) -> HealthOut | None:
    score = told.score
    if score is None:
        return None
    points, band = score.stands
    return HealthOut.model_validate(
        {
            "points": points,
            "band": band,
            "score_points": score.points,
            "score_band": score.band,
            "known_weight": score.known_weight,
            "as_of": score.as_of,
            "scorecard": score.card,
            "version": score.version,
        }
    )
