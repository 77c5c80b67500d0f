"""Deeds on what models came to: counted for a quarter, confirmed by somebody of the customer's, taken back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import start_of, within_reach
from keepwell.ledger.models import Stakeholder
from keepwell.outcomes import models, quarters, visibility
from keepwell.outcomes.actions.plans import locked
from keepwell.outcomes.actions.telling import tell
from keepwell.outcomes.formulas import valuing
from keepwell.outcomes.formulas.ranges import Range
from keepwell.outcomes.formulas.valuing import Factor
from keepwell.outcomes.quarters import Quarter
from keepwell.outcomes.queries import measuring, value
from keepwell.outcomes.queries.measuring import Measured
from keepwell.outcomes.value_document import LARGEST, ValueInputDoc, ValueModelDoc

LONGEST_NAME, LONGEST = 300, 10_000


def count(*, account: str, quarter: Quarter, by: Scope, at: datetime, model: str = "") -> tuple[int, ...]:
    """Count what the account's models, or one of them, came to in a quarter that has begun: a statement each, unless it says
    what the last one of the quarter said. Gives the numbers of those that are new. Reads the account's share of the lake once.
    """
    by.require("work.do")
    yesterday = at.date() - timedelta(days=1)
    if quarter.since > yesterday:
        raise Invalid("%(quarter)s has not begun, so nothing can be counted yet.", quarter=quarter.slug)
    found = value.find(account=account, seen_by=by, day=at.date())
    asked = [one for one in found.models if not one.is_dropped and model in ("", one.doc.slug)]
    if not asked:
        raise NotFound("There is no value model to count. Define one first.")
    until = min(yesterday, quarter.until)
    bound = {each.metric for one in asked for each in one.doc.inputs if each.metric}
    measured = measuring.over(account_id=found.account_id, metrics=bound, quarter=quarter, until=until)
    new: list[int] = []
    with transaction.atomic():
        plan = locked(account, by)
        for one in asked:
            row = _stated(one.id, one.doc, measured, quarter, until, by, at)
            if row is not None:
                new.append(row.pk)
                tell(plan, "value.counted", by=by, at=at, feature=one.doc.slug, title=one.doc.title,
                     value=row.likely, quarter=quarter.slug, currency=row.currency)  # fmt: skip
    return tuple(new)


def _stated(
    model_id: int,
    doc: ValueModelDoc,
    measured: Mapping[str, Measured],
    quarter: Quarter,
    until: date,
    by: Scope,
    at: datetime,
) -> models.ValueStatement | None:
    factors = [factor(one, measured) for one in doc.inputs]
    valued = valuing.value(factors)
    found = valued.range
    said: dict[str, Any] = {
        "until": until,
        "low": found.low if found else None,
        "likely": found.likely if found else None,
        "high": found.high if found else None,
        "currency": doc.currency,
        "unit": "" if doc.currency else doc.unit,
        "inputs": [_frozen(one, each) for one, each in zip(doc.inputs, factors, strict=True)],
        "missing": [list(each) for each in valued.missing],
    }
    rows = models.ValueStatement.objects.filter(model=model_id, since=quarter.since)
    last = rows.order_by("-number").first()
    if last is not None and all(getattr(last, name) == told for name, told in said.items()):
        return None
    number = rows.aggregate(last=Max("number"))["last"] or 0
    return models.ValueStatement.objects.create(
        model_id=model_id, since=quarter.since, number=number + 1, at=at, by_id=by.user_id, **said
    )


def factor(one: ValueInputDoc, measured: Mapping[str, Measured]) -> Factor:
    """An input as it is known for the quarter; a figure or baseline that nobody of theirs agreed to is not."""
    if one.source == "metric":
        found = measured.get(one.metric, measuring.NOTHING).factor(one.slug, over=one.over)
        figure, missing = found.figure, found.missing
    else:
        figure, missing = one.figure, "" if one.figure else "no_figure"
        if one.source == "agreed" and figure is not None and not one.is_agreed:
            missing = "not_agreed"
    baseline = one.baseline if one.change and one.is_agreed else None
    return Factor(one.slug, figure, one.change, baseline, missing)


def _frozen(one: ValueInputDoc, found: Factor) -> dict[str, Any]:
    """What went in, as it stays."""
    return {
        "slug": one.slug, "title": one.title, "source": one.source, "metric": one.metric, "over": one.over,
        "unit": one.unit, "currency": one.currency, "change": one.change, "missing": found.missing,
        "figure": asdict(found.figure) if found.figure else None,
        "baseline": asdict(found.baseline) if found.baseline else None,
        "agreed_by": one.agreed_by, "agreed_on": one.agreed_on.isoformat() if one.agreed_on else "",
    }  # fmt: skip


def confirm(
    *,
    account: str,
    statement: int,
    who: str,
    on: date,
    words: str = "",
    figure: Range | None = None,
    labels: Mapping[str, str] | None = None,
    by: Scope,
    at: datetime,
) -> None:
    """Note who of the customer's stands by a statement, since when and in which words; `figure` is another one that they said.
    `who` is the key of one of their people, or a name.
    """
    by.require("work.do")
    said = who.strip()
    if not said or len(said) > LONGEST_NAME:
        raise Invalid("Say who of the customer’s confirmed it, by key or by name.")
    if len(words) > LONGEST:
        raise Invalid("Their words have at most %(most)s characters.", most=LONGEST)
    if within_reach(on) > at.date():
        raise Invalid("%(day)s is still to come. Name the day on which it was confirmed.", day=on.isoformat())
    if figure is not None and not max(abs(figure.low), abs(figure.high)) <= LARGEST:
        raise Invalid("A figure of a value model lies between -1e12 and 1e12.")
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(plan, statement)
        _may_be_confirmed(row, on, figure)
        person = Stakeholder.objects.filter(account=plan.account, person__key=said).select_related("person")
        known = person.first()
        try:
            with transaction.atomic():
                models.ValueConfirmation.objects.create(
                    statement=row,
                    person=known.person if known else None,
                    name=(known.person.name or said) if known else said,
                    on=on,
                    words=words.strip(),
                    labels=visibility.checked("value_confirmation", labels or {}),
                    at=at,
                    by_id=by.user_id,
                    **(asdict(figure) if figure else {}),
                )
        except IntegrityError:
            raise Conflict("Somebody of theirs stands by it already.") from None
        _tell(plan, "value.confirmed", row, figure, on, by, at)


def _may_be_confirmed(row: models.ValueStatement, on: date, figure: Range | None) -> None:
    if row.until < quarters.of(row.since).until:
        raise Invalid("The quarter was not over when this was counted. Count it again, then confirm it.")
    if on <= row.until:
        raise Invalid(
            "Nobody could confirm the quarter before it was over. Name a day after %(day)s.",
            day=row.until.isoformat(),
        )
    if row.likely is None and figure is None:
        raise Invalid("This value is not known. Add what is missing, or note the figure that they said.")


def withdraw(*, account: str, statement: int, by: Scope, at: datetime) -> None:
    """Note that nobody stands by it after all."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        row = _one(plan, statement)
        if not models.ValueConfirmation.objects.filter(statement=row).delete()[0]:
            raise Conflict("Nobody confirmed it.")
        _tell(plan, "value.withdrawn", row, None, at.date(), by, at)


def _tell(
    plan: models.SuccessPlan,
    name: str,
    row: models.ValueStatement,
    figure: Range | None,
    on: date,
    by: Scope,
    at: datetime,
) -> None:
    tell(
        plan, name, by=by, at=at, feature=row.model.slug, title=row.model.title,
        value=figure.likely if figure else row.likely,
        on=at if on == at.date() else start_of(on), statement=row.pk, quarter=quarters.of(row.since).slug,
        currency=row.currency, apart=f":{row.pk}",
    )  # fmt: skip


def _one(plan: models.SuccessPlan, statement: int) -> models.ValueStatement:
    rows = models.ValueStatement.objects.filter(model__plan=plan, pk=statement).select_related("model")
    row = rows.first()
    if row is None:
        raise NotFound("There is no such value statement.")
    return row
