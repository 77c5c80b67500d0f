"""The people of an account over the REST API, as they stand now or stood on a past day, with how close we are to each."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path, Query, Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.kernel.moments import end_of, within_reach
from keepwell.ledger.queries import accounts, contacts, people, stakeholder_history

router = Router()
PROBLEMS = {401: Problem, 404: Problem, 422: Problem}
Key = Annotated[str, Path(max_length=200)]


class StakeholderOut(Schema):
    """Somebody in an account; `strength` of the relationship is strong, steady, cooling, silent, or null: not known."""

    key: str
    name: str
    email: str
    title: str
    roles: list[str]
    stance: str
    influence: int | None
    reports_to: str
    status: str
    strength: str | None
    last_contact_at: datetime | None
    met_90_days: int
    wrote_90_days: int
    declined_90_days: int


class StakeholdersOut(Schema):
    """Everybody who belonged to an account at the end of a day."""

    account: str
    as_of: date
    people: list[StakeholderOut]


class StakeChangeOut(Schema):
    """Something that a person is to an account changed, from what to what."""

    person: str
    field: str
    before: str | int | list[str] | None
    after: str | int | list[str] | None
    at: datetime
    known_at: datetime


@router.get("/accounts/{key}/stakeholders", response={200: StakeholdersOut, **PROBLEMS})
def list_stakeholders(request: Asked, key: Key, as_of: date | None = None) -> StakeholdersOut:
    """The stakeholder map: who they are, whom they report to, how they stand to us; today, or as of a past day."""
    account = accounts.find(key=key, seen_by=request.auth)
    today = clock.now().date()
    day = min(within_reach(as_of or today), today)
    may: dict[str, Any] = {"account_id": account.id, "seen_by": request.auth}
    there = stakeholder_history.then(**may, as_of=day) if day < today else people.of_account(**may)
    close = contacts.of_account(**may, until=end_of(day))
    return StakeholdersOut(
        account=key,
        as_of=day,
        people=[
            StakeholderOut(
                key=one.key,
                name=one.name,
                email=one.email,
                title=one.title,
                roles=list(one.roles),
                stance=one.stance,
                influence=one.influence,
                reports_to=one.reports_to_key,
                status=one.status,
                strength=close[one.key].strength if one.key in close else None,
                last_contact_at=close[one.key].last_at if one.key in close else None,
                met_90_days=close.get(one.key, contacts.NEVER).met,
                wrote_90_days=close.get(one.key, contacts.NEVER).wrote,
                declined_90_days=close.get(one.key, contacts.NEVER).declined,
            )
            for one in there
        ],
    )


@router.get("/accounts/{key}/stakeholders/changes", response={200: list[StakeChangeOut], **PROBLEMS})
def list_changes(
    request: Asked, key: Key, person: Annotated[str, Query(max_length=200)] = ""
) -> list[StakeChangeOut]:
    """What changed about an account's people, or about one of them, latest first."""
    account = accounts.find(key=key, seen_by=request.auth)
    told = stakeholder_history.changes(
        account_id=account.id, seen_by=request.auth, until=end_of(clock.now().date()), person=person
    )
    return [
        StakeChangeOut(
            person=one.person,
            field="reports_to" if one.field == "reports_to_key" else one.field,
            before=one.before,
            after=one.after,
            at=one.at,
            known_at=one.known_at,
        )
        for one in told
    ]
