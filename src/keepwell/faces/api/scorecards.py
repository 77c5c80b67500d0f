"""Scorecards over the REST API: read, draft, see what would change, publish, go back, put in order."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MoneyOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.health import cards as definitions
from keepwell.health import differences, texts
from keepwell.health.actions import previews as preview_deeds
from keepwell.health.actions import rollups as rollup_deeds
from keepwell.health.actions import scorecards as deeds
from keepwell.health.queries import cards, kept_previews, previews, rollups
from keepwell.health.queries.cards import ScorecardView
from keepwell.kernel.moments import within_reach
from keepwell.ledger.queries import accounts, hierarchy

router = Router()
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class VersionOut(Schema):
    """A version; a draft while `published_at` is null. `verdict` is what its proof said."""

    number: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    verdict: dict[str, Any] | None
    definition: dict[str, Any]


class ScorecardOut(Schema):
    """A scorecard; `place` is its place in the order from 1, null when it judges nobody. Versions newest first."""

    slug: str
    title: str
    published: int | None
    place: int | None
    versions: list[VersionOut]


class ScorecardIn(Schema):
    """What a draft is to say: the definition as in a practice pack."""

    title: str
    definition: dict[str, Any]


class OrderIn(Schema):
    """The scorecards that judge from today on; of those that apply to an account the first does."""

    order: list[str]


class OrderOut(OrderIn):
    """The order that holds from a day on; `since` null: from the beginning."""

    since: date | None


class PublishIn(Schema):
    """Which version; `changed_at` as it was looked at, so that nothing else is published."""

    number: int
    changed_at: datetime | None = None


class RollBackIn(Schema):
    """To which version."""

    number: int


class NumberOut(Schema):
    """The number of the version."""

    number: int


class RollUpIn(Schema):
    """worst, arr_weighted or mean."""

    function: str


class RolledUpOut(Schema):
    """All below as one figure; `counted` of `total` are known and in it, the others are not taken for zero."""

    points: float | None
    band: str
    counted: int
    total: int


class NodeHealthOut(Schema):
    """An account of a tree: where it stands itself, and all below it; null where nothing stands below."""

    account: str
    parent: str | None
    points: float | None
    band: str
    below: RolledUpOut | None


class FlowOut(Schema):
    """How many customers go from one band to another; "" where no card judges."""

    before: str
    after: str
    accounts: int
    arr: MoneyOut | None


class MovedOut(Schema):
    """A customer that would stand in another band."""

    key: str
    name: str
    arr: MoneyOut | None
    before: str
    after: str
    points_before: float | None
    points_after: float | None


class PreviewOut(Schema):
    """What a definition would change on the current day; `changes` says in words what it states differently.

    Of `accounts` present customers `asked` were judged, all or a sample; `moving` of them would stand elsewhere, which is
    between the two percentages of `share` of all of them with 95 % certainty.
    """

    as_of: date
    accounts: int
    asked: int
    judged: int
    moving: int
    share: tuple[float, float]
    flows: list[FlowOut]
    moved: list[MovedOut]
    changes: list[str]


@router.get("", response={200: list[ScorecardOut], 401: Problem})
def list_scorecards(request: Asked) -> list[ScorecardOut]:
    """Every scorecard, those that judge first and in their order."""
    del request
    return [ScorecardOut.from_orm(card) for card in cards.everything()]


@router.get("/order", response={200: list[OrderOut], 401: Problem})
def read_orders(request: Asked) -> list[OrderOut]:
    """In which order scorecards judge, from which day on."""
    del request
    return [
        OrderOut(since=None if order.since == date.min else order.since, order=list(order.slugs))
        for order in cards.orders()
    ]


@router.put("/order", response={204: None, **PROBLEMS})
def put_order(request: Asked, told: OrderIn) -> HttpResponse:
    """Say which scorecards judge from today on."""
    deeds.put_in_order(order=told.order, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.get("/rollup", response={200: RollUpIn, 401: Problem})
def read_rollup(request: Asked) -> RollUpIn:
    """By which function the health of parents is told."""
    del request
    return RollUpIn(function=rollups.function())


@router.put("/rollup", response={204: None, **PROBLEMS})
def put_rollup(request: Asked, told: RollUpIn) -> HttpResponse:
    """Say by which function the health of parents is told."""
    rollup_deeds.choose(function=told.function, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.get("/rollup/accounts/{path:account}", response={200: list[NodeHealthOut], **PROBLEMS})
def rolled_up(
    request: Asked,
    account: str,
    kind: Literal["legal", "commercial", "site"] = "commercial",
    as_of: date | None = None,
) -> list[NodeHealthOut]:
    """The health of all that belongs together with an account: each by itself, and all below it as one figure."""
    day = within_reach(as_of or clock.today())
    found = accounts.find(key=account, seen_by=request.auth)
    tree = hierarchy.tree(account_id=found.id, kind=kind, as_of=day, seen_by=request.auth)
    health = rollups.of_tree(tree, seen_by=request.auth)
    return [_node(node, health[node.key]) for node in tree.nodes]


def _node(node: hierarchy.Node, health: rollups.NodeHealth) -> NodeHealthOut:
    below = None if health.below is None else RolledUpOut.from_orm(health.below)
    return NodeHealthOut(
        account=node.key, parent=node.parent, points=health.points, band=health.band, below=below
    )


@router.get("/{slug}", response={200: ScorecardOut, 401: Problem, 404: Problem})
def read_scorecard(request: Asked, slug: str) -> ScorecardView:
    """One scorecard with its versions."""
    del request
    return cards.find(slug=slug)


@router.put("/{slug}/draft", response={200: NumberOut, **PROBLEMS})
def put_draft(request: Asked, slug: str, told: ScorecardIn) -> NumberOut:
    """Save the draft; it is edited in place until it is published."""
    saved = deeds.save(
        slug=slug, title=told.title, definition=told.definition, by=request.auth, at=clock.now()
    )
    return NumberOut(number=saved.number)


@router.delete("/{slug}/draft", response={204: None, **PROBLEMS})
def delete_draft(request: Asked, slug: str) -> HttpResponse:
    """Throw the draft away."""
    deeds.discard(slug=slug, by=request.auth, at=clock.now())
    return HttpResponse(status=204)


@router.post("/{slug}/preview", response={200: PreviewOut, **PROBLEMS})
def preview(request: Asked, slug: str, told: ScorecardIn) -> PreviewOut:
    """What a definition in this card's place would change, told from a sample of a large book; nothing is kept."""
    found = previews.of(slug=slug, definition=told.definition, seen_by=request.auth, most=previews.AT_ONCE)
    return _preview(slug, told.definition, found)


class WholePreviewOut(Schema):
    """A preview of all customers: queued, running, done or failed, with how many of how many are judged."""

    id: int
    state: str
    steps_done: int
    steps_total: int | None
    error: str
    found: PreviewOut | None


@router.post("/{slug}/draft/preview", response={200: WholePreviewOut, **PROBLEMS})
def preview_whole(request: Asked, slug: str) -> WholePreviewOut:
    """What the draft would change of all customers. A job works it out: ask again until it is done."""
    preview_id = preview_deeds.ask(slug=slug, by=request.auth, at=clock.now())
    view = kept_previews.find(preview_id=preview_id, seen_by=request.auth)
    if view.state in ("queued", "running"):
        tasks.preview(preview_id)
    draft = cards.find(slug=slug).draft
    found = None if view.found is None or draft is None else _preview(slug, draft.definition, view.found)
    return WholePreviewOut(
        id=view.preview_id, state=view.state, steps_done=view.steps_done, steps_total=view.steps_total,
        error=view.error, found=found,
    )  # fmt: skip


def _preview(slug: str, definition: Mapping[str, Any], found: previews.Preview) -> PreviewOut:
    before = next((card for card in cards.everything() if card.slug == slug and card.published), None)
    changes = (
        differences.between(
            definitions.read(before.version(before.published or 0).definition),
            definitions.read(definition),
        )
        if before
        else ()
    )
    return PreviewOut(
        as_of=found.as_of,
        accounts=found.accounts,
        asked=found.asked,
        judged=found.judged,
        moving=found.moving,
        share=found.share,
        flows=[FlowOut.from_orm(flow) for flow in found.flows],
        moved=[MovedOut.from_orm(one) for one in found.moved],
        changes=list(changes),
    )


@router.post("/{slug}/publication", response={204: None, **PROBLEMS})
def publish(request: Asked, slug: str, told: PublishIn) -> HttpResponse:
    """Put a version in force from today on."""
    deeds.publish(slug=slug, number=told.number, seen=told.changed_at, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.post("/{slug}/rollback", response={200: NumberOut, **PROBLEMS})
def roll_back(request: Asked, slug: str, told: RollBackIn) -> NumberOut:
    """Publish what an earlier version said, as a new version."""
    made = deeds.roll_back(slug=slug, number=told.number, by=request.auth, at=clock.now())
    tasks.nudge()
    return NumberOut(number=made.number)


@router.get("/{slug}/toml", response={200: str, 401: Problem, 404: Problem})
def as_toml(request: Asked, slug: str, version: int | None = None) -> str:
    """A version as TOML, as a practice pack has it; the one in force when none is asked."""
    del request
    view = cards.find(slug=slug)
    shown = view.version(version or view.published or view.versions[0].number)
    return texts.write(view.slug, view.title, shown.definition)
