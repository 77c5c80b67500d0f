"""Scores over the REST API."""

from datetime import date

from ninja import Router, Schema

from keepwell.faces import asked, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem, ScoreList, ScoreOut
from keepwell.health.queries import applying, explaining, raising, seen
from keepwell.kernel.moments import within_reach
from keepwell.ledger.queries import accounts

router = Router()


class CauseOut(Schema):
    """One cause of a movement: late_data, behaviour, missing_input, configuration or override. `change` may be null."""

    kind: str
    measure: str
    change: float | None
    words: str


class BandChangeOut(Schema):
    """A movement between two days. The causes' changes add up to `change`; `before` is what was shown then."""

    since: date
    until: date
    before: float | None
    after: float | None
    change: float | None
    by_kind: dict[str, float]
    causes: list[CauseOut]
    before_card: str
    after_card: str


class RaiseOut(Schema):
    """An input at its next better band: `gain` points. `others_percent` of the accounts are there, `was_there_on` this one."""

    measure: str
    label: str
    metric: str
    value: float | None
    unit: str
    to_band: str
    target: str
    gain: float
    others_percent: float | None
    was_there_on: date | None


@router.get("", response={200: ScoreList, 401: Problem, 404: Problem, 422: Problem})
def list_scores(
    request: Asked, as_of: date | None = None, known_at: date | None = None, account: str | None = None
) -> ScoreList:
    """Scores as of a day (today), from what is known now or was known at the end of another day; the lowest first."""
    day = as_of or clock.today()
    rows = asked.scores(
        as_of=day, known_at=known_at, accounts=[account] if account else None, seen_by=request.auth
    )
    return ScoreList(as_of=day, items=[ScoreOut.from_orm(row) for row in rows])


@router.get("/change", response={200: BandChangeOut, 401: Problem, 404: Problem, 422: Problem})
def explain_change(request: Asked, account: str, since: date, until: date | None = None) -> BandChangeOut:
    """Why an account's score differs from what was shown on an earlier day, split exactly into its causes."""
    found = accounts.find(key=account, seen_by=request.auth)
    view = explaining.change(
        account_id=found.id,
        seen_by=request.auth,
        since=within_reach(since),
        until=within_reach(until or clock.today()),
    )
    return BandChangeOut(**explaining.plain(view))


@router.get("/raises", response={200: list[RaiseOut], 401: Problem, 404: Problem, 422: Problem})
def list_raises(request: Asked, account: str) -> list[RaiseOut]:
    """What would raise an account's current score most, with signs of what is within reach."""
    found = accounts.find(key=account, seen_by=request.auth)
    return [
        RaiseOut(
            measure=view.found.measure,
            label=view.found.label,
            metric=view.found.metric,
            value=view.found.value,
            unit=view.found.unit,
            to_band=view.found.to_band,
            target=view.target,
            gain=view.found.gain,
            others_percent=view.others,
            was_there_on=view.was_there_on,
        )
        for view in raising.most(seen.today(account_id=found.id, seen_by=request.auth))
    ]


class AppliedCardOut(Schema):
    """A scorecard at its place in the order: of those that apply the first judges. `applies` null: it cannot be told.

    Points and band are those it gives or would give.
    """

    place: int
    slug: str
    title: str
    number: int
    applies: bool | None
    judges: bool
    points: float | None
    band: str


@router.get("/cards", response={200: list[AppliedCardOut], 401: Problem, 404: Problem, 422: Problem})
def list_applied_cards(request: Asked, account: str) -> list[AppliedCardOut]:
    """The scorecards in their order: which judges an account now, which apply too, and what they say of it."""
    found = accounts.find(key=account, seen_by=request.auth)
    told = applying.cards(seen.today(account_id=found.id, seen_by=request.auth))
    return [AppliedCardOut(**vars(card)) for card in told]
