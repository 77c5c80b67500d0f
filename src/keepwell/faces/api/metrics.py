"""Metrics over the REST API."""

from datetime import date

from ninja import Router

from keepwell.faces import asked, clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import MetricDefinition, MetricOut, Problem
from keepwell.metrics.queries import catalogue

router = Router()


@router.get("", response={200: list[MetricDefinition], 401: Problem})
def list_metrics(request: Asked) -> list[MetricDefinition]:
    """Every metric and what it means."""
    del request
    return [MetricDefinition.from_orm(metric) for metric in catalogue.all_metrics()]


@router.get("/{slug}", response={200: list[MetricOut], 401: Problem, 404: Problem, 422: Problem})
def get_metric(
    request: Asked,
    slug: str,
    as_of: date | None = None,
    known_at: date | None = None,
    account: str | None = None,
) -> list[MetricOut]:
    """One metric of every account as of a day (today), from what is known now or was known at the end of another day."""
    rows = asked.metric(
        slug=slug,
        as_of=as_of or clock.today(),
        known_at=known_at,
        accounts=[account] if account else None,
        seen_by=request.auth,
    )
    return [MetricOut.from_orm(row) for row in rows]
