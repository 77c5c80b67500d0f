"""Deeds on success plans: written as one document, piece by piece or whole; what is left out is dropped, and can come back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from keepwell.access.models import User
from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.kernel.moments import Grid
from keepwell.ledger.models import Account, Person, Stakeholder
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import catalogue, values
from keepwell.outcomes import document, models
from keepwell.outcomes.actions.telling import tell
from keepwell.outcomes.document import IndicatorDoc, PlanDoc, StepDoc
from keepwell.outcomes.queries import plans
from keepwell.outcomes.queries.standing import FRESH

NOUNS: Mapping[str, Any] = {
    "objective": models.Objective,
    "indicator": models.Indicator,
    "step": models.PlanStep,
}


def save(
    *, account: str, doc: PlanDoc, by: Scope, at: datetime, seen: datetime | None = None, template: str = ""
) -> models.SuccessPlan:
    """Write the whole plan of an account, its first draft or another state; refuses one that changed since it was `seen`."""
    by.require("work.do")
    told = document.checked(doc)
    with transaction.atomic():
        plan = _plan(account, by, at, template)
        if seen is not None and plan.changed_at != seen:
            raise Conflict("Somebody changed the plan since you looked at it. Look again, then save.")
        _write(plan, told, by, at)
    return plan


def change(
    *, account: str, edit: Callable[[PlanDoc], PlanDoc], by: Scope, at: datetime
) -> models.SuccessPlan:
    """Change what a plan says, while nobody else does."""
    by.require("work.do")
    with transaction.atomic():
        plan = locked(account, by)
        _write(plan, document.checked(edit(plans.doc_of(plan))), by, at)
    return plan


def take_back(*, account: str, noun: str, slug: str, by: Scope, at: datetime) -> None:
    """Let something that was dropped stand in the plan again."""
    by.require("work.do")
    if noun not in NOUNS:
        raise NotFound('A plan has no "%(noun)s".', noun=noun)
    with transaction.atomic():
        plan = locked(account, by)
        if (
            not NOUNS[noun]
            .objects.filter(plan=plan, slug=slug)
            .exclude(dropped_at=None)
            .update(dropped_at=None)
        ):
            raise NotFound('The plan has no dropped "%(slug)s".', slug=slug)
        if noun == "indicator":
            models.Objective.objects.filter(
                plan=plan, pk__in=models.Indicator.objects.filter(plan=plan, slug=slug).values("objective")
            ).update(dropped_at=None)
        document.checked(plans.doc_of(plan))
        _changed(plan, by, at, kept=noun)


def locked(account: str, by: Scope) -> models.SuccessPlan:
    """An account's plan, held until the transaction ends."""
    found = models.SuccessPlan.objects.select_for_update(of=("self",)).select_related("account")
    plan = found.filter(account__in=accounts.visible(seen_by=by).filter(key=account)).first()
    if plan is None:
        accounts.require(key=account, seen_by=by)
        raise NotFound('"%(account)s" has no success plan yet.', account=account)
    return plan


def _plan(account: str, by: Scope, at: datetime, template: str) -> models.SuccessPlan:
    found = accounts.visible(seen_by=by).filter(key=account, merged_into=None).first()
    if found is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    Account.objects.select_for_update().get(pk=found.pk)
    plan = models.SuccessPlan.objects.select_related("account").filter(account=found).first()
    if plan is not None:
        return plan
    made = models.SuccessPlan.objects.create(
        account=found, template=template, begun_by_id=by.user_id, created_at=at, changed_at=at
    )
    tell(made, "plan.drafted", by=by, at=at, feature=template)
    return made


def _write(plan: models.SuccessPlan, doc: PlanDoc, by: Scope, at: datetime) -> None:
    before = plans.doc_of(plan)
    _known_metrics(doc, before)
    objectives = _put(plan, models.Objective, [(one.slug, _objective(one)) for one in doc.objectives], at)
    told = [(one, objectives[objective.slug]) for objective in doc.objectives for one in objective.indicators]
    begun = _beginnings(plan, [one for one, _ in told], at)
    indicators = [
        (one.slug, _indicator(one) | {"objective": under} | begun.get(one.slug, {})) for one, under in told
    ]
    _put(plan, models.Indicator, indicators, at)
    people = _People(plan.account, doc.steps)
    steps = [(one.slug, people.step(one) | {"objective": objectives.get(one.objective)}) for one in doc.steps]
    _put(plan, models.PlanStep, steps, at)
    head = {"vision": doc.vision, "cadence": doc.cadence, "notes": doc.notes, "labels": doc.labels}
    models.SuccessPlan.objects.filter(pk=plan.pk).update(**head)
    plan.refresh_from_db(fields=list(head))
    if plans.doc_of(plan) != before:
        _changed(plan, by, at)


def _changed(plan: models.SuccessPlan, by: Scope, at: datetime, **props: Any) -> None:
    models.SuccessPlan.objects.filter(pk=plan.pk).update(changed_at=at)
    plan.changed_at = at
    tell(plan, "plan.changed", by=by, at=at, **props)


def _put(
    plan: models.SuccessPlan, noun: Any, told: Sequence[tuple[str, dict[str, Any]]], at: datetime
) -> dict[str, Any]:
    """Write the rows of one noun by slug, in order; those that are not said any more are dropped. Gives them by slug."""
    rows = {row.slug: row for row in noun.objects.filter(plan=plan)}
    for place, (slug, said) in enumerate(told):
        values_of = {**said, "place": place, "dropped_at": None}
        row = rows.get(slug)
        if row is None:
            rows[slug] = noun.objects.create(plan=plan, slug=slug, created_at=at, **values_of)
        elif any(getattr(row, name) != value for name, value in values_of.items()):
            noun.objects.filter(pk=row.pk).update(**values_of)
    gone = [
        row.pk for slug, row in rows.items() if slug not in {slug for slug, _ in told} and not row.dropped_at
    ]
    noun.objects.filter(pk__in=gone).update(dropped_at=at)
    return rows


def _objective(one: document.ObjectiveDoc) -> dict[str, Any]:
    return {
        "title": one.title,
        "why": one.why,
        "target_date": one.target_date,
        "notes": one.notes,
        "labels": one.labels,
    }


def _indicator(one: IndicatorDoc) -> dict[str, Any]:
    return {
        "title": one.title, "metric": one.metric, "unit": one.unit, "better": one.better, "baseline": one.baseline,
        "target": one.target, "target_date": one.target_date, "trigger": one.trigger, "notes": one.notes,
        "labels": one.labels,
    }  # fmt: skip


def _beginnings(
    plan: models.SuccessPlan, told: Sequence[IndicatorDoc], at: datetime
) -> dict[str, dict[str, Any]]:
    """Since when a baseline counts: the day on which it was first said, or said otherwise."""
    rows = models.Indicator.objects.filter(plan=plan).values_list("slug", "baseline", "baseline_on")
    known = {slug: (baseline, on) for slug, baseline, on in rows}
    found: dict[str, dict[str, Any]] = {}
    for one in told:
        baseline, on = known.get(one.slug, (None, None))
        same = on is not None and baseline == one.baseline
        found[one.slug] = {"baseline_on": on if same else None if one.baseline is None else at.date()}
    return found


def _known_metrics(doc: PlanDoc, before: PlanDoc) -> None:
    """Refuse a metric that is not there; one that a plan has already may be retired since."""
    bound = {one.metric for objective in doc.objectives for one in objective.indicators if one.metric}
    had = {one.metric for objective in before.objectives for one in objective.indicators}
    if bound - had:
        known = {metric.slug for metric in catalogue.answering()}
        if unknown := sorted(bound - had - known):
            raise Invalid(
                'There is no measure "%(metric)s". Look for its slug under Measures.', metric=unknown[0]
            )


class _People:
    """Owners of both sides by what a document names them."""

    def __init__(self, account: Account, steps: Sequence[StepDoc]) -> None:
        emails = {one.ours.lower() for one in steps if one.ours}
        rows = User.objects.filter(is_active=True).exclude(role="customer") if emails else User.objects.none()
        self.ours = {user.email.lower(): user for user in rows if user.email.lower() in emails}
        keys = {one.theirs for one in steps if one.theirs}
        theirs = Stakeholder.objects.filter(account=account, person__key__in=keys).select_related("person")
        self.theirs: dict[str, Person] = {row.person.key: row.person for row in theirs}
        self.name = account.name or account.key

    def step(self, one: StepDoc) -> dict[str, Any]:
        """A step as its row has it."""
        if one.ours and one.ours.lower() not in self.ours:
            raise Invalid('Nobody who may sign in has the address "%(email)s".', email=one.ours)
        if one.theirs and one.theirs not in self.theirs:
            raise Invalid('%(account)s has nobody with the key "%(key)s".', account=self.name, key=one.theirs)
        return {
            "title": one.title, "kind": one.kind, "due_date": one.due_date, "ours": self.ours.get(one.ours.lower()),
            "theirs": self.theirs.get(one.theirs), "after": list(one.after), "notes": one.notes, "labels": one.labels,
        }  # fmt: skip


def measured_by(*, account_id: int, metrics: Sequence[str], at: datetime) -> dict[str, float]:
    """What metrics stand at by a moment, for the baselines of a first draft. One query, and a reading of the account's share of
    the lake for those of which no value is stored.
    """
    rows = values.stored(since={account_id: at.date() - FRESH}, metrics=list(metrics)) if metrics else None
    found = {} if rows is None else _last(rows.filter(pl.col("as_of") <= at.date()))
    stored = set() if rows is None else set(rows["metric"])
    asked = {one.slug for one in catalogue.answering()} & set(metrics) - stored
    if asked:
        grid = Grid(last=at.date())
        told = values.evaluate(metrics=sorted(asked), grid=grid, known_by=at, accounts=[account_id])
        found |= _last(told)
    return found


def _last(rows: pl.DataFrame) -> dict[str, float]:
    """The newest known value of each metric."""
    last = rows.drop_nulls("value").sort("as_of").unique("metric", keep="last", maintain_order=True)
    return dict(last.select("metric", "value").iter_rows())
