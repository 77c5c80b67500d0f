"""Deeds on value models: written as one document, dropped, taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.models import Account, Person, Stakeholder
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import models, value_document
from keepwell.outcomes.actions.plans import locked
from keepwell.outcomes.actions.telling import tell
from keepwell.outcomes.queries import value
from keepwell.outcomes.value_document import ValueInputDoc, ValueModelDoc

MOST = 30


def save(
    *, account: str, doc: ValueModelDoc, by: Scope, at: datetime, fresh: bool = False
) -> models.ValueModel:
    """Write a value model of one of the plan's outcomes; said again it changes nothing. With `fresh` its slug may not be
    taken yet. What was counted before stays as it was counted.
    """
    by.require("work.do")
    told = value_document.checked(doc)
    with transaction.atomic():
        plan = locked(account, by)
        objective = models.Objective.objects.filter(plan=plan, slug=told.objective, dropped_at=None).first()
        if objective is None:
            raise NotFound('The plan has no outcome "%(slug)s".', slug=told.objective)
        row = models.ValueModel.objects.filter(plan=plan, slug=told.slug).select_related("objective").first()
        if row is not None and fresh:
            raise Conflict(
                'There is a value model "%(slug)s" already. Give it another title.', slug=told.slug
            )
        before = None if row is None else _doc(row)
        _known(told, before)
        people = _people(plan.account, told)
        named = _named(told, people)
        if row is not None and before == named and row.dropped_at is None:
            return row
        if row is None and models.ValueModel.objects.filter(plan=plan).count() >= MOST:
            raise Invalid("An account has at most %(most)s value models.", most=MOST)
        said: dict[str, Any] = {
            "objective": objective, "title": named.title, "kind": named.kind, "basis": named.basis.strip(),
            "unit": named.unit, "notes": named.notes, "labels": named.labels, "changed_at": at, "dropped_at": None,
        }  # fmt: skip
        made, _ = models.ValueModel.objects.update_or_create(
            plan=plan, slug=named.slug, defaults=said, create_defaults={**said, "created_at": at}
        )
        _inputs(made, named, people)
        tell(plan, "value.modelled", by=by, at=at, feature=named.slug, title=named.title)
    return made


def drop(*, account: str, model: str, by: Scope, at: datetime) -> None:
    """Count it no more; what was confirmed stays."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        row = models.ValueModel.objects.filter(plan=plan, slug=model, dropped_at=None).first()
        if row is None:
            raise NotFound('There is no value model "%(slug)s".', slug=model)
        _marked(row, dropped_at=at, at=at)
        tell(plan, "value.modelled", by=by, at=at, feature=model, title=row.title, dropped=True)


def take_back(*, account: str, model: str, by: Scope, at: datetime) -> None:
    """Count it again."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        rows = models.ValueModel.objects.filter(plan=plan, slug=model, objective__dropped_at=None)
        row = rows.exclude(dropped_at=None).first()
        if row is None:
            raise NotFound('There is no dropped value model "%(slug)s".', slug=model)
        _marked(row, dropped_at=None, at=at)
        tell(plan, "value.modelled", by=by, at=at, feature=model, title=row.title)


def _marked(row: models.ValueModel, *, dropped_at: datetime | None, at: datetime) -> None:
    models.ValueModel.objects.filter(pk=row.pk).update(dropped_at=dropped_at, changed_at=at)


def _doc(row: models.ValueModel) -> ValueModelDoc:
    inputs = models.ValueInput.objects.filter(model=row).order_by("place", "pk")
    return value.doc_of(row, list(inputs))


def _known(doc: ValueModelDoc, before: ValueModelDoc | None) -> None:
    """Refuse a measure that is not there; one that the model has already may be retired since."""
    had = {one.metric for one in before.inputs} if before is not None else set()
    bound = {one.metric for one in doc.inputs if one.metric} - had
    if bound and (unknown := sorted(bound - {metric.slug for metric in catalogue.answering()})):
        raise Invalid(
            'There is no measure "%(metric)s". Look for its slug under Measures.', metric=unknown[0]
        )


def _people(account: Account, doc: ValueModelDoc) -> Mapping[str, Person]:
    keys = {one.agreed_by for one in doc.inputs if one.agreed_by}
    rows = Stakeholder.objects.filter(account=account, person__key__in=keys).select_related("person")
    return {row.person.key: row.person for row in rows}


def _named(doc: ValueModelDoc, people: Mapping[str, Person]) -> ValueModelDoc:
    """With the names of those who agreed in place of their keys."""
    inputs = tuple(
        msgspec.structs.replace(one, agreed_by=people[one.agreed_by].name or one.agreed_by)
        if one.agreed_by in people
        else one
        for one in doc.inputs
    )
    return msgspec.structs.replace(doc, inputs=inputs)


def _inputs(model: models.ValueModel, doc: ValueModelDoc, people: Mapping[str, Person]) -> None:
    by_name = {person.name or key: person for key, person in people.items()}
    before = {
        row.agreed_by: row.agreed_person
        for row in models.ValueInput.objects.filter(model=model).select_related("agreed_person")
    }
    slugs = [one.slug for one in doc.inputs]
    models.ValueInput.objects.filter(model=model).exclude(slug__in=slugs).delete()
    for place, one in enumerate(doc.inputs):
        person = by_name.get(one.agreed_by) or before.get(one.agreed_by)
        models.ValueInput.objects.update_or_create(
            model=model, slug=one.slug, defaults={**_fields(one), "agreed_person": person, "place": place}
        )


def _fields(one: ValueInputDoc) -> dict[str, Any]:
    return {
        name: getattr(one, name) for name in ValueInputDoc.__struct_fields__ if name not in ("slug", "labels")
    } | {"labels": dict(one.labels)}
