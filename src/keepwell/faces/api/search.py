"""The search over the REST API."""

from typing import Annotated

from ninja import Query, Router, Schema

from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.search.queries import search

router = Router()


class FoundOut(Schema):
    """Something that was found: its kind, its key or number, and the account that it belongs to."""

    kind: str
    key: str
    number: int
    title: str
    hint: str
    account_key: str
    account_name: str


@router.get("", response={200: list[FoundOut], 401: Problem, 422: Problem})
def find(
    request: Asked,
    q: Annotated[
        str, Query(max_length=search.LONGEST, description="A name or its beginning; a slip is forgiven.")
    ],
    kind: Annotated[str, Query(description="Only this kind of things, such as account or person.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[FoundOut]:
    """What is called so, or nearly so: accounts, people, tasks, incidents, segments, measures. The best first."""
    found = search.answers(q, seen_by=request.auth, own=request.auth.user_id, kind=kind, limit=limit)
    return [FoundOut.from_orm(one) for one in found]
