"""Segments over the REST API: said as conditions, read as members with since when and why."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.health.queries import beside
from keepwell.kernel.moments import within_reach
from keepwell.ledger.queries import accounts
from keepwell.segments.actions import segments as deeds
from keepwell.segments.queries import peers, segments, vocabulary

router = Router()


class HeldOut(Schema):
    """So many accounts, their ARR where it is known, and of how many it is not."""

    accounts: int
    arr: MoneyOut | None
    unpriced: int


class SegmentBandsOut(Schema):
    """How many of a segment's present members were in each band on a day."""

    day: date
    bands: dict[str, int]


class SegmentRenewalOut(HeldOut):
    """What renews in the quarter that begins on a day; null: without a date."""

    quarter: date | None


class SegmentStayedOut(Schema):
    """Of those who were in it on a day: how many have left, the share of ARR that was kept (GRR), and with growth (NRR)."""

    since: date
    accounts: int
    left: int
    arr: MoneyOut | None
    grr: float | None
    nrr: float | None


class SegmentMeasureOut(Schema):
    """A measure of the present members: of how many it is known; spread are their 10, 25, 50, 75, 90 % points."""

    metric: str
    known: int
    spread: list[float]


class SegmentSideOut(Schema):
    """One of the segments that stand side by side."""

    slug: str
    title: str
    present: HeldOut
    health: list[SegmentBandsOut]
    bands: dict[str, HeldOut]
    renewals: list[SegmentRenewalOut]
    stayed: SegmentStayedOut
    measures: list[SegmentMeasureOut]


class SegmentsBesideOut(Schema):
    """Segments side by side on a day; null: nothing is computed yet."""

    as_of: date | None
    segments: list[SegmentSideOut]


class SubjectOut(Schema):
    """Something that a condition can ask about; `in_days` tells that the question needs a span of days."""

    subject: str
    title: str
    kind: Literal["text", "number", "day", "truth", "list", "any"]
    unit: str
    choices: list[str]
    in_days: bool


class ConditionIn(Schema):
    """A condition: {"all": [...]}, {"any": [...]}, {"not": ...} or {"of": SUBJECT, OPERATOR: VALUE}."""

    condition: dict[str, Any]


class SegmentIn(ConditionIn):
    """What a segment says."""

    title: str
    sentence: str = ""


class SegmentProgressOut(Schema):
    """How far the job is that judges a segment's whole past, in accounts; a total of 0: it waits for its turn."""

    done: int
    total: int


class SegmentOut(SegmentIn):
    """A segment, and how many accounts are in it among those that the token's owner may see.

    `words` is the condition as a sentence, `unknown` of how many accounts it cannot be told; `computed_as_of` null: not yet.
    """

    slug: str
    words: str
    members: int
    unknown: int
    arr: MoneyOut | None
    computed_as_of: date | None
    progress: SegmentProgressOut | None


class MemberOut(Schema):
    """An account of a segment from `since` on, and why."""

    account: str
    name: str
    state: Literal["member", "unknown"]
    since: date
    until: date | None
    because: list[str]
    ended_because: list[str]


class MemberPage(Schema):
    """Some members by key; ask again with `after` = `next` until `next` is null."""

    items: list[MemberOut]
    next: str | None


class SegmentPreviewOut(Schema):
    """For how many accounts a condition would hold today, and how many would enter and leave the segment that was named."""

    words: str
    members: int
    unknown: int
    customers: int
    arr: MoneyOut | None
    comes: int
    goes: int


class BesideOut(Schema):
    """Where a value lies among `count` others: percentile 100 is the best; spread are their 10, 25, 50, 75, 90 % points."""

    count: int
    percentile: float
    spread: list[float]


class PeerOut(Schema):
    """One metric of an account; null where fewer than five are there to compare with."""

    metric: str
    value: float
    peers: BesideOut | None
    past: BesideOut | None


class PeersOut(Schema):
    """An account beside its peers; of more than 2,000 a fixed sample of that many is asked."""

    peers: str
    count: int
    is_sampled: bool
    items: list[PeerOut]


@router.get("/subjects", response={200: list[SubjectOut], 401: Problem})
def list_subjects(request: Asked) -> list[SubjectOut]:
    """Everything that conditions over accounts can ask about; names that end in a dot stand for all that begin so."""
    del request
    said = vocabulary.accounts()
    return [
        SubjectOut(
            subject=one.slug,
            title=one.title,
            kind=one.kind,
            unit=one.unit,
            choices=list(one.choices),
            in_days=one.windowed,
        )
        for one in (*said.subjects.values(), *said.open.values())
    ]


@router.get("", response={200: list[SegmentOut], 401: Problem})
def list_segments(request: Asked) -> list[SegmentOut]:
    """The segments in force, by title."""
    return [SegmentOut.from_orm(view) for view in segments.everything(seen_by=request.auth)]


@router.post("/preview", response={200: SegmentPreviewOut, 401: Problem, 422: Problem})
def preview_segment(request: Asked, told: ConditionIn, segment: str = "") -> SegmentPreviewOut:
    """For whom a condition would hold today, perhaps in place of what a segment says; nothing is kept."""
    found = segments.preview(condition=told.condition, seen_by=request.auth, slug=segment)
    return SegmentPreviewOut.from_orm(found)


@router.get("/peers", response={200: PeersOut, 401: Problem, 404: Problem})
def list_peers(request: Asked, account: str, segment: str = "") -> PeersOut:
    """An account's metrics beside those of a segment's members, or of all customers, and beside its own last year."""
    found = peers.of_account(
        account_id=accounts.find(key=account, seen_by=request.auth).id, seen_by=request.auth, segment=segment
    )
    items = [
        PeerOut(metric=row.metric.slug, value=row.value, peers=_beside(row.peers), past=_beside(row.past))
        for row in found.rows
    ]
    return PeersOut(peers=found.title, count=found.count, is_sampled=found.is_sampled, items=items)


@router.get("/side-by-side", response={200: SegmentsBesideOut, 401: Problem, 404: Problem, 422: Problem})
def show_segments_side_by_side(
    request: Asked,
    segment: Annotated[list[str], Query(description="Two to four segments.")],
    measure: Annotated[list[str], Query(description="At most eight; none: those of the scorecards.")] = [],  # noqa: B006 # read alone
) -> SegmentsBesideOut:
    """Segments beside each other: worth, health over time, renewals, who stayed, measures."""
    found = beside.of(segment, seen_by=request.auth, measures=measure)
    return SegmentsBesideOut(as_of=found.as_of, segments=[_side(side) for side in found.sides])


@router.get("/{slug}", response={200: SegmentOut, 401: Problem, 404: Problem})
def get_segment(request: Asked, slug: str) -> SegmentOut:
    """One segment."""
    return SegmentOut.from_orm(segments.find(slug=slug, seen_by=request.auth))


@router.put("/{slug}", response={200: SegmentOut, 401: Problem, 403: Problem, 422: Problem})
def put_segment(request: Asked, slug: str, told: SegmentIn) -> SegmentOut:
    """Say a segment, or say it otherwise; its history follows within seconds."""
    deeds.save(
        slug=slug,
        title=told.title,
        sentence=told.sentence,
        condition=told.condition,
        by=request.auth,
        at=clock.now(),
    )
    tasks.nudge()
    return SegmentOut.from_orm(segments.find(slug=slug, seen_by=request.auth))


@router.delete("/{slug}", response={204: None, 401: Problem, 403: Problem, 404: Problem, 422: Problem})
def retire_segment(request: Asked, slug: str) -> HttpResponse:
    """Ask it no more."""
    deeds.retire(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.get("/{slug}/members", response={200: MemberPage, 401: Problem, 404: Problem, 422: Problem})
def list_members(
    request: Asked,
    slug: str,
    state: Literal["member", "unknown"] = "member",
    as_of: date | None = None,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> MemberPage:
    """Who is in it now, or was on a day; or of whom it cannot be told."""
    found = segments.members(
        slug=slug,
        seen_by=request.auth,
        state=state,
        as_of=None if as_of is None else within_reach(as_of),
        after=after,
        limit=limit + 1,
    )
    shown = found[:limit]
    items = [
        MemberOut(
            account=row.key,
            name=row.name,
            state=row.state,
            since=row.since,
            until=row.until,
            because=list(row.because),
            ended_because=list(row.ended_because),
        )
        for row in shown
    ]
    return MemberPage(items=items, next=shown[-1].key if len(found) > limit else None)


def _beside(found: peers.Beside | None) -> BesideOut | None:
    if found is None:
        return None
    return BesideOut(count=found.count, percentile=found.percentile, spread=list(found.spread))


def _held(found: beside.Held) -> HeldOut:
    return HeldOut.from_orm(found)


def _side(side: beside.Side) -> SegmentSideOut:
    stayed = side.stayed
    return SegmentSideOut(
        slug=side.segment.slug,
        title=side.segment.title,
        present=_held(side.present),
        health=[SegmentBandsOut(day=day, bands=dict(bands)) for day, bands in side.bands.items()],
        bands={band: _held(held) for band, held in side.worth.items()},
        renewals=[
            SegmentRenewalOut(quarter=quarter, **_held(held).dict())
            for quarter, held in sorted(side.renewals.items(), key=lambda each: str(each[0]))
        ],
        stayed=SegmentStayedOut(
            since=stayed.since,
            accounts=stayed.accounts,
            left=stayed.left,
            arr=None if stayed.arr is None else MoneyOut.from_orm(stayed.arr),
            grr=stayed.kept,
            nrr=stayed.grown,
        ),
        measures=[
            SegmentMeasureOut(metric=slug, known=found.known, spread=list(found.spread))
            for slug, found in side.measures.items()
        ],
    )
