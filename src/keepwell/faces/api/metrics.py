"""Metrics over the REST API."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Router, Schema

from keepwell.faces import asked, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MetricDefinition, MetricOut, Problem
from keepwell.faces.jobs import tasks
from keepwell.metrics.actions import definitions
from keepwell.metrics.queries import catalogue

router = Router()


class PerSaid(Schema):
    """By which property of events a metric is told apart, and into which values."""

    of: str
    among: list[str]


class RollupSaid(Schema):
    """How an account with others below it answers from them."""

    how: Literal["sum", "arr_weighted", "worst"]
    kind: Literal["legal", "commercial", "site"] = "commercial"


class DefinitionIn(Schema):
    """A metric as it is defined; `measure` is the tree of what is taken from the events: docs/reference/metrics.md."""

    title: str
    unit: str
    better: Literal["up", "down"] = "up"
    sentence: str
    unknown_when: str
    measure: dict[str, Any]
    per: PerSaid | None = None
    rollup: RollupSaid | None = None


class ProgressOut(Schema):
    """How far the job is that computes a history: of days, or of accounts; a total of 0: it waits for its turn."""

    done: int
    total: int
    unit: Literal["days", "accounts"]


class DefinitionOut(DefinitionIn):
    """A metric with its definition: `words` is the measure as a sentence; `version` null: Keepwell brings it; `computed` tells
    whether the stored history follows it yet.
    """

    slug: str
    group: str
    kept: bool
    words: str
    version: int | None
    changed_at: datetime | None
    computed: bool
    progress: ProgressOut | None = None


class PreviewIn(DefinitionIn):
    """A definition to try, and on which day."""

    as_of: date | None = None


@router.get("", response={200: list[MetricDefinition], 401: Problem})
def list_metrics(request: Asked) -> list[MetricDefinition]:
    """Every metric and what it means, each followed by its parts."""
    del request
    return [MetricDefinition.from_orm(metric) for metric in catalogue.answering()]


@router.get("/{slug}/definition", response={200: DefinitionOut, 401: Problem, 404: Problem})
def get_definition(request: Asked, slug: str) -> DefinitionOut:
    """How one metric is defined."""
    del request
    return _definition(slug)


@router.put("/{slug}/definition", response={200: DefinitionOut, 401: Problem, 403: Problem, 422: Problem})
def put_definition(request: Asked, slug: str, said: DefinitionIn) -> DefinitionOut:
    """Define a metric, or define it otherwise. Its history is computed within the next run."""
    definitions.save(definition={"slug": slug, **said.dict()}, by=request.auth, at=clock.now())
    tasks.nudge()
    return _definition(slug)


@router.delete("/{slug}/definition", response={204: None, 401: Problem, 403: Problem, 404: Problem})
def delete_definition(request: Asked, slug: str) -> HttpResponse:
    """Retire a defined metric; its stored history goes."""
    definitions.retire(slug=slug, by=request.auth, at=clock.now())
    tasks.nudge()
    return HttpResponse(status=204)


@router.post("/{slug}/preview", response={200: list[MetricOut], 401: Problem, 403: Problem, 422: Problem})
def preview_definition(request: Asked, slug: str, said: PreviewIn) -> list[MetricOut]:
    """What a metric would say of every account as of a day (today), without saving it."""
    rows = asked.defined(
        definition={"slug": slug, **said.dict(exclude={"as_of"})},
        as_of=said.as_of or clock.today(),
        seen_by=request.auth,
    )
    return [MetricOut.from_orm(row) for row in rows]


def _definition(slug: str) -> DefinitionOut:
    view = catalogue.definition(slug)
    return DefinitionOut(
        **view.definition,
        words=view.metric.words,
        version=view.version,
        changed_at=view.changed_at,
        computed=view.computed,
        progress=None if view.progress is None else ProgressOut.from_orm(view.progress),
    )


@router.get("/{slug}", response={200: list[MetricOut], 401: Problem, 404: Problem, 422: Problem})
def get_metric(
    request: Asked,
    slug: str,
    as_of: date | None = None,
    known_at: date | None = None,
    account: str | None = None,
    parts: bool = False,
) -> list[MetricOut]:
    """One metric of every account as of a day (today), from what is known now or was known at the end of another day.

    With `parts` also those by which it is told apart.
    """
    rows = asked.metric(
        slug=slug,
        as_of=as_of or clock.today(),
        known_at=known_at,
        accounts=[account] if account else None,
        seen_by=request.auth,
        parts=parts,
    )
    return [MetricOut.from_orm(row) for row in rows]
