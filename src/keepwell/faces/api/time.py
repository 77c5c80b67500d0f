"""Time over the REST API: shares of it, and what was noted by hand."""

from datetime import date
from typing import Annotated, Literal

from ninja import Path, Query, Router, Schema, Status
from pydantic import StringConstraints

from keepwell.coverage.actions import time as deeds
from keepwell.coverage.queries import time
from keepwell.coverage.queries.time import Shares
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.health.queries import portfolio

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
Of = Annotated[str, Query(description="Whose time: mine, all, team:NUMBER or owner:NUMBER.")]
Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Path(ge=1, le=2**62)]


class SharesOut(Schema):
    """Minutes in all, so many of them assumed, and by side, initiative ("" where nobody told) and kind of work.

    `proactive` is the percentage of the minutes whose initiative is told; null: of none it is. `verdict`: little (too little
    is known), queue (a support queue), short (too reactive) or kept.
    """

    minutes: int
    assumed: int
    by_side: dict[str, int]
    by_initiative: dict[str, int]
    by_work: dict[str, int]
    proactive: float | None
    verdict: Literal["little", "queue", "short", "kept"]

    @classmethod
    def of(cls, shares: Shares) -> "SharesOut":
        """As the query tells it."""
        return cls.from_orm(shares)


class WeekOut(Schema):
    """A week's time; it begins on a Monday."""

    monday: date
    shares: SharesOut


class PersonOut(Schema):
    """A colleague's time."""

    name: str
    shares: SharesOut


class TimeOut(Schema):
    """The time of some people from a day to another, both included."""

    of: str
    since: date
    until: date
    shares: SharesOut
    weeks: list[WeekOut]
    people: list[PersonOut]


class EntryIn(Schema):
    """Time that one spent; `account` by its key, empty for none."""

    day: date
    minutes: int
    activity: Text
    account: Text = ""
    note: Text = ""


class EntryOut(Schema):
    """Time that was noted."""

    id: int
    day: date
    minutes: int
    activity: str
    account_key: str
    note: str


@router.get("", response={200: TimeOut, **PROBLEMS})
def read_time(
    request: Asked, of: Of = portfolio.MINE, weeks: Annotated[int, Query(ge=1, le=53)] = 4
) -> TimeOut:
    """Where the time of these people went in the last weeks, this one included."""
    whose = portfolio.whose(of, seen_by=request.auth)
    found = time.spent(whose, until=clock.now().date(), weeks=weeks, seen_by=request.auth)
    return TimeOut(
        of=whose.slug,
        since=found.since,
        until=found.until,
        shares=SharesOut.of(found.shares),
        weeks=[WeekOut(monday=week.monday, shares=SharesOut.of(week.shares)) for week in found.weeks],
        people=[PersonOut(name=one.name, shares=SharesOut.of(one.shares)) for one in found.people],
    )


@router.get("/entries", response={200: list[EntryOut], **PROBLEMS})
def list_entries(request: Asked, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> list[EntryOut]:
    """What the token's owner noted by hand, the latest day first."""
    return [EntryOut.from_orm(entry) for entry in time.entries(seen_by=request.auth, limit=limit)]


@router.post("/entries", response={201: EntryOut, **PROBLEMS})
def note_time(request: Asked, given: EntryIn) -> Status[EntryOut]:
    """Note time of the token's owner."""
    row = deeds.note(**given.dict(), by=request.auth, at=clock.now())
    return Status(201, EntryOut.from_orm(time.view(entry_id=row.pk, seen_by=request.auth)))


@router.delete("/entries/{entry_id}", response={204: None, **PROBLEMS})
def remove_time(request: Asked, entry_id: Number) -> Status[None]:
    """Take one's own entry away."""
    deeds.remove(entry_id=entry_id, by=request.auth, at=clock.now())
    return Status(204, None)
