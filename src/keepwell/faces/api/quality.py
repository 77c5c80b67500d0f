"""Data quality over the REST API: sources, changes of what they send, and what accounts lack."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.intake.actions import drifts as deeds
from keepwell.intake.queries import findings
from keepwell.intake.queries import quality as queries

router = Router()


class SourceQualityOut(Schema):
    """A source now. `limit_hours` is the silence from which on it is overdue: declared, or learned; null where there is too
    little history to tell, 0 where nothing is expected. `verdict` holds `events` of `judged_day` against `low` to `high`:
    usual, low, high or unjudged. The last three counts are those of 28 days."""

    slug: str
    name: str
    last_arrival_at: datetime | None
    declared_hours: int | None
    usual_hours: float | None
    limit_hours: float | None
    is_overdue: bool
    judged_day: date | None
    events: int
    expected: float | None
    low: int | None
    high: int | None
    verdict: str
    unusual_names: int
    open_changes: int
    late: int
    duplicates: int
    rejected: int


class DriftOut(Schema):
    """A change of what a source sends; `ended_at` when it went back by itself."""

    id: int
    source: str
    kind: str
    event: str
    property: str
    sentence: str
    found_at: datetime
    ended_at: datetime | None
    is_acknowledged: bool


class CheckOut(Schema):
    """A check, and how many accounts fail it."""

    slug: str
    kind: str
    severity: str
    title: str
    sentence: str
    mender: str
    how: str
    accounts: int


class FindingOut(Schema):
    """A check that an account fails, and since when Keepwell saw it."""

    account: str
    check: str
    detail: str
    found_at: datetime


class FindingPage(Schema):
    """Some findings by account and check; ask again with `after` = `next` until `next` is null."""

    items: list[FindingOut]
    next: str | None


@router.get("/sources", response={200: list[SourceQualityOut], 401: Problem})
def list_sources(request: Asked) -> list[SourceQualityOut]:
    """How every source sends."""
    found = queries.overview(seen_by=request.auth, at=clock.now())
    return [SourceQualityOut(**{**_plain(row), "open_changes": row.open_drifts}) for row in found]


@router.get("/changes", response={200: list[DriftOut], 401: Problem, 422: Problem})
def list_changes(request: Asked, source: str | None = None, only_open: bool = False) -> list[DriftOut]:
    """Changes of what sources send, those that nobody acknowledged first, then the latest."""
    found = queries.drifts(seen_by=request.auth, source=source, only_open=only_open)
    return [
        DriftOut(
            id=row.drift_id,
            source=row.source,
            kind=row.kind,
            event=row.name,
            property=row.property_name,
            sentence=row.sentence,
            found_at=row.found_at,
            ended_at=row.ended_at,
            is_acknowledged=row.is_acknowledged,
        )
        for row in found
    ]


@router.post(
    "/changes/{int:change_id}/acknowledgement",
    response={204: None, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
)
def acknowledge(request: Asked, change_id: int) -> Status[None]:
    """Say that a change is known; once is as good as twice."""
    deeds.acknowledge(drift_id=change_id, by=request.auth, at=clock.now())
    return Status(204, None)


@router.get("/checks", response={200: list[CheckOut], 401: Problem})
def list_checks(request: Asked) -> list[CheckOut]:
    """Every check of an account's data, the gravest and most frequent first."""
    return [
        CheckOut(**{**_plain(row.check), "accounts": row.accounts})
        for row in findings.counts(seen_by=request.auth)
    ]


@router.get("/findings", response={200: FindingPage, 401: Problem, 422: Problem})
def list_findings(
    request: Asked,
    check: str | None = None,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> FindingPage:
    """What accounts lack, a page at a time."""
    slug, _, key = after.partition(":")
    found = findings.page(
        seen_by=request.auth, slugs=None if check is None else [check], after=(key, slug), limit=limit + 1
    )
    shown = found[:limit]
    return FindingPage(
        items=[
            FindingOut(account=row.account, check=row.check.slug, detail=row.detail, found_at=row.found_at)
            for row in shown
        ],
        next=f"{shown[-1].check.slug}:{shown[-1].account}" if len(found) > limit else None,
    )


def _plain(row: Any) -> dict[str, Any]:
    return asdict(row)
