"""What an account's outcomes are worth, as those of us see it who may see the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries import accounts
from keepwell.outcomes import models, quarters
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.value_document import ValueInputDoc, ValueModelDoc


@dataclass(frozen=True)
class ConfirmationView:
    """Who of theirs stands by a figure."""

    name: str
    on: date
    words: str
    figure: Range | None
    labels: Mapping[str, str]
    at: datetime
    by: str


@dataclass(frozen=True)
class StatementView:
    """What a model came to in a quarter; `range` is None where an input was missing."""

    id: int
    quarter: Quarter
    until: date
    number: int
    range: Range | None
    currency: str
    unit: str
    inputs: tuple[Mapping[str, Any], ...]
    missing: tuple[tuple[str, str], ...]
    at: datetime
    by: str
    confirmation: ConfirmationView | None

    @property
    def is_whole(self) -> bool:
        """Whether the quarter was over."""
        return self.until >= self.quarter.until

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody of theirs stands by it."""
        return self.confirmation is not None

    @property
    def counts(self) -> Range | None:
        """What it adds to a sum: what was confirmed, another figure of theirs first."""
        if self.confirmation is not None and self.confirmation.figure is not None:
            return self.confirmation.figure
        return self.range


@dataclass(frozen=True)
class ModelView:
    """A model with its statements, the latest quarter and number first."""

    id: int
    doc: ValueModelDoc
    objective: str
    is_reached: bool
    changed_at: datetime
    is_dropped: bool
    statements: tuple[StatementView, ...]

    @property
    def standing(self) -> tuple[StatementView, ...]:
        """One a quarter, ascending: the latest that was confirmed, else the latest."""
        found: dict[Quarter, StatementView] = {}
        for one in self.statements:
            best = found.get(one.quarter)
            if best is None or (best.confirmation is None and one.confirmation is not None):
                found[one.quarter] = one
        return tuple(found[quarter] for quarter in sorted(found))

    def later(self, one: StatementView) -> StatementView | None:
        """The latest of the same quarter, where it was counted again after one that was confirmed."""
        newest = next(each for each in self.statements if each.quarter == one.quarter)
        return newest if newest.number > one.number else None


@dataclass(frozen=True)
class ValueView:
    """All models of an account's plan; dropped ones are there while something of theirs was confirmed."""

    account_id: int
    account_key: str
    account_name: str
    objectives: tuple[tuple[str, str], ...]
    models: tuple[ModelView, ...]
    dropped: tuple[tuple[str, str], ...]
    day: date

    def model(self, slug: str) -> ModelView:
        """One by its slug; refuses where there is none."""
        found = next((one for one in self.models if one.doc.slug == slug), None)
        if found is None:
            raise NotFound('There is no value model "%(slug)s".', slug=slug)
        return found


def find(*, account: str, seen_by: Scope, day: date, known_by: datetime | None = None) -> ValueView:
    """What is known of an account's value, or what was counted and confirmed of it before `known_by`; nothing in it where it
    has no plan. Six queries.
    """
    found = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if found is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    rows = _models(account_id=found.pk)
    told = _statements([row.pk for row in rows], known_by)
    objectives = models.Objective.objects.filter(plan__account=found, dropped_at=None).order_by("place", "pk")
    inputs = _inputs([row.pk for row in rows])
    views = [model_view(row, inputs.get(row.pk, ()), told.get(row.pk, ())) for row in rows]
    return ValueView(
        account_id=found.pk,
        account_key=found.key,
        account_name=found.name or found.key,
        objectives=tuple(objectives.values_list("slug", "title")),
        models=tuple(one for one in views if not one.is_dropped or _is_confirmed(one)),
        dropped=tuple((one.doc.slug, one.doc.title) for one in views if one.is_dropped),
        day=day,
    )


def _is_confirmed(one: ModelView) -> bool:
    return any(each.confirmation is not None for each in one.statements)


def _models(*, account_id: int) -> Sequence[Any]:
    rows = models.ValueModel.objects.filter(plan__account=account_id).select_related("objective")
    return list(
        rows.annotate(reached_on=F("objective__reach__on")).order_by("objective__place", "place", "pk")
    )


def _inputs(ids: Sequence[int]) -> Mapping[int, Sequence[models.ValueInput]]:
    found: dict[int, list[models.ValueInput]] = {}
    for row in models.ValueInput.objects.filter(model__in=ids).order_by("place", "pk"):
        found.setdefault(row.model_id, []).append(row)
    return found


def _statements(ids: Sequence[int], known_by: datetime | None) -> Mapping[int, Sequence[StatementView]]:
    found: dict[int, list[StatementView]] = {}
    by_then = {} if known_by is None else {"at__lt": known_by}
    said = models.ValueConfirmation.objects.filter(statement__model__in=ids, **by_then).select_related("by")
    confirmed = {row.statement_id: row for row in said}
    rows = models.ValueStatement.objects.filter(model__in=ids, **by_then).select_related("by")
    for row in rows.order_by("-since", "-number"):
        found.setdefault(row.model_id, []).append(statement_view(row, confirmed.get(row.pk)))
    return found


def statement_view(row: models.ValueStatement, said: models.ValueConfirmation | None) -> StatementView:
    """A statement with who stands by it."""
    return StatementView(
        id=row.pk,
        quarter=quarters.of(row.since),
        until=row.until,
        number=row.number,
        range=_range(row),
        currency=row.currency,
        unit=row.unit,
        inputs=tuple(row.inputs),
        missing=tuple((slug, why) for slug, why in row.missing),
        at=row.at,
        by=str(row.by) if row.by else "",
        confirmation=None if said is None else _confirmation(said),
    )


def _confirmation(row: models.ValueConfirmation) -> ConfirmationView:
    by = str(row.by) if row.by else ""
    return ConfirmationView(row.name, row.on, row.words, _range(row), row.labels, row.at, by)


def _range(row: models.ValueStatement | models.ValueConfirmation) -> Range | None:
    if row.low is None or row.likely is None or row.high is None:
        return None
    return Range(row.low, row.likely, row.high)


def model_view(
    row: Any, inputs: Sequence[models.ValueInput], statements: Sequence[StatementView]
) -> ModelView:
    """A model as it is read."""
    return ModelView(
        id=row.pk,
        doc=doc_of(row, inputs),
        objective=row.objective.title,
        is_reached=row.reached_on is not None,
        changed_at=row.changed_at,
        is_dropped=row.dropped_at is not None or row.objective.dropped_at is not None,
        statements=tuple(statements),
    )


def doc_of(row: models.ValueModel, inputs: Sequence[models.ValueInput]) -> ValueModelDoc:
    """A model as it is written."""
    return ValueModelDoc(
        title=row.title, kind=row.kind, objective=row.objective.slug, slug=row.slug,  # type: ignore[arg-type]
        basis=row.basis, unit=row.unit, notes=row.notes, labels=row.labels,
        inputs=tuple(_input_doc(one) for one in inputs),
    )  # fmt: skip


def _input_doc(row: models.ValueInput) -> ValueInputDoc:
    return ValueInputDoc(
        title=row.title, slug=row.slug, source=row.source, metric=row.metric, over=row.over, unit=row.unit,  # type: ignore[arg-type]
        currency=row.currency, low=row.low, likely=row.likely, high=row.high, change=row.change,  # type: ignore[arg-type]
        baseline_low=row.baseline_low, baseline_likely=row.baseline_likely, baseline_high=row.baseline_high,
        agreed_by=row.agreed_by, agreed_on=row.agreed_on, evidence=row.evidence, labels=row.labels,
    )  # fmt: skip
