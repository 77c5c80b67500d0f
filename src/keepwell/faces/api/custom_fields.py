"""Declared custom fields over the REST API."""

from django.http import HttpResponse
from ninja import Router, Schema

from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.intake.queries import customs
from keepwell.ledger.actions import definitions as deeds

router = Router()


class FieldIn(Schema):
    """What a custom field may hold; `choices` are the words of a choice."""

    title: str = ""
    type: str = "text"
    choices: list[str] = []
    required: bool = False
    help: str = ""


class CustomFieldOut(FieldIn):
    """A declared custom field of a kind of row; a retired one is not checked any more."""

    kind: str
    field: str
    retired: bool


class FitOut(Schema):
    """How many stored values could stay as they are; `misfits` are some of those that could not."""

    rows: int
    fit: int
    misfits: list[str]


@router.get("", response={200: list[CustomFieldOut], 401: Problem})
def list_fields(request: Asked) -> list[CustomFieldOut]:
    """Every declared custom field."""
    del request
    return [
        CustomFieldOut(
            kind=kind,
            field=one.slug,
            title=one.title,
            type=one.kind,
            choices=list(one.choices),
            required=one.required,
            help=one.help,
            retired=one.retired_at is not None,
        )
        for kind, one in customs.everything()
    ]


@router.put(
    "/{kind}/{path:field}", response={204: None, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
)
def put_field(request: Asked, kind: str, field: str, told: FieldIn) -> HttpResponse:
    """Declare a custom field of a kind of row; from now on every file, call and form is held to it."""
    deeds.define(
        noun=customs.noun_of(kind),
        slug=field,
        title=told.title,
        kind=told.type,
        choices=told.choices,
        required=told.required,
        help=told.help,
        by=request.auth,
        at=clock.now(),
    )
    return HttpResponse(status=204)


@router.post("/{kind}/{path:field}", response={200: FitOut, 401: Problem, 404: Problem, 422: Problem})
def preview_field(request: Asked, kind: str, field: str, told: FieldIn) -> FitOut:
    """How many stored values would fit, before it is declared; nothing is changed."""
    request.auth.require("config.change")
    found = customs.preview(kind=kind, slug=field, type=told.type, choices=told.choices)
    return FitOut(rows=found.rows, fit=found.fit, misfits=list(found.misfits))


@router.delete(
    "/{kind}/{path:field}", response={204: None, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
)
def delete_field(request: Asked, kind: str, field: str) -> HttpResponse:
    """Retire it: it is not checked any more, and what rows say in it stays."""
    deeds.retire(noun=customs.noun_of(kind), slug=field, by=request.auth, at=clock.now())
    return HttpResponse(status=204)
