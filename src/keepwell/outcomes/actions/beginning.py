"""A first draft of a plan: from a vision and three measures, from a template, or from the plan of another account."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.ledger.models import Ownership, Stakeholder
from keepwell.ledger.queries import accounts
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import document, models, template
from keepwell.outcomes.actions import plans as deeds
from keepwell.outcomes.document import IndicatorDoc, ObjectiveDoc, PlanDoc, StepDoc
from keepwell.outcomes.queries import plans

USUAL_DAYS = 180
ALARM_BELOW = 0.9  # of the baseline: worse than where they began, with room for noise. Our choice.


class Aim(NamedTuple):
    """An outcome in words, the measure that shows it, what it is to be until when."""

    outcome: str
    metric: str = ""
    target: float | None = None
    until: date | None = None


def from_vision(
    *, account: str, vision: str, aims: Sequence[Aim], cadence: str, by: Scope, at: datetime
) -> models.SuccessPlan:
    """Three outcomes, each with one indicator whose baseline is today's value, and the steps that every plan has."""
    number = _fresh(account, by)
    said = [aim for aim in aims if aim.outcome.strip()]
    if not vision.strip() or not said:
        raise Invalid("A first draft needs a vision and at least one outcome.")
    metrics = [aim.metric for aim in said if aim.metric]
    values = deeds.measured_by(account_id=number, metrics=metrics, at=at)
    objectives = tuple(_objective(aim, values, at) for aim in said)
    doc = PlanDoc(
        vision=vision.strip(),
        cadence=cadence,  # type: ignore[arg-type]
        objectives=objectives,
        steps=_steps(number, max((aim.until for aim in said if aim.until), default=None), at),
    )
    return deeds.save(
        account=account, doc=document.read(document.written(doc)), by=by, at=at, template="vision"
    )


def _objective(aim: Aim, values: dict[str, float], at: datetime) -> ObjectiveDoc:
    until = aim.until or at.date() + timedelta(days=USUAL_DAYS)
    if not aim.metric:
        return ObjectiveDoc(title=aim.outcome, target_date=until)
    indicator = early(metric=aim.metric, target=aim.target, until=until, values=values)
    return ObjectiveDoc(title=aim.outcome, target_date=until, indicators=(indicator,))


def early(
    *, metric: str, target: float | None, until: date | None, values: Mapping[str, float]
) -> IndicatorDoc:
    """The indicator that a measure makes: its value now is the baseline, an alarm stands a tenth on the worse side."""
    known = next((one for one in catalogue.answering() if one.slug == metric), None)
    if known is None:
        raise Invalid('There is no measure "%(metric)s". Look for its slug under Measures.', metric=metric)
    baseline = values.get(metric)
    return IndicatorDoc(
        title=str(known.title), metric=known.slug, better=known.better, baseline=baseline, target=target,
        target_date=until, trigger=_alarm(baseline, target, known.better),
    )  # fmt: skip


def _alarm(baseline: float | None, target: float | None, better: str) -> float | None:
    """A tenth worse than the beginning; none where that is not known or the target lies there."""
    if baseline is None or baseline <= 0:
        return None
    edge = round(baseline * (ALARM_BELOW if better == "up" else 2 - ALARM_BELOW), 4)
    if target is not None and (edge > target if better == "up" else edge < target):
        return None
    return edge


def _steps(account_id: int, until: date | None, at: datetime) -> tuple[StepDoc, ...]:
    """Agreeing, a look half-way, and the review at the end, with whoever holds the roles on both sides."""
    last = until or at.date() + timedelta(days=USUAL_DAYS)
    middle = at.date() + (last - at.date()) / 2
    ours, theirs = _owner(account_id, "csm"), _person(account_id, "executive")
    return (
        StepDoc(title="Agree the plan with the sponsor", slug="agree", kind="task", due_date=at.date() + timedelta(days=14),
                ours=ours, theirs=theirs),
        StepDoc(title="Look at the indicators together, half-way", slug="half-way", due_date=middle, ours=ours,
                theirs=theirs, after=("agree",)),
        StepDoc(title="Confirm the outcomes and set the next ones", slug="confirm", due_date=last, ours=ours,
                theirs=theirs, after=("half-way",)),
    )  # fmt: skip


def _owner(account_id: int, role: str) -> str:
    rows = Ownership.objects.filter(account=account_id, until=None, role=role, user__is_active=True)
    return rows.order_by("pk").values_list("user__email", flat=True).first() or ""


def _person(account_id: int, role: str) -> str:
    rows = Stakeholder.objects.filter(account=account_id, status="active")
    found = rows.filter(stance="champion") if role == "champion" else rows.filter(roles__contains=[role])
    return found.order_by("pk").values_list("person__key", flat=True).first() or ""


def from_template(*, account: str, slug: str, by: Scope, at: datetime) -> models.SuccessPlan:
    """The plan that a template states, with its days counted from today, and roles filled by who holds them."""
    number = _fresh(account, by)
    row = models.PlanTemplate.objects.filter(slug=slug, active=True).first()
    if row is None:
        raise NotFound('There is no plan template "%(slug)s".', slug=slug)
    said = template.read(row.definition)
    values = deeds.measured_by(account_id=number, metrics=sorted(template.metrics(said)), at=at)
    known = {metric.slug for metric in catalogue.answering()}
    people = template.People(
        ours={role: _owner(number, role) for role in template.roles(said, "our_role")},
        theirs={role: _person(number, role) for role in template.roles(said, "their_role")},
    )
    doc = template.filled(said, today=at.date(), values=values, known=known, people=people)
    return deeds.save(account=account, doc=document.checked(doc), by=by, at=at, template=slug)


def from_past(*, account: str, like: str, by: Scope, at: datetime) -> models.SuccessPlan:
    """The plan of another account that one may see, without its people, baselines and notes; days keep their distance."""
    number = _fresh(account, by)
    past = plans.find(account=like, seen_by=by, day=at.date())
    metrics = [each.metric for one in past.doc.objectives for each in one.indicators if each.metric]
    values = deeds.measured_by(account_id=number, metrics=metrics, at=at)
    shift = at.date() - past.created_at.date()
    doc = template.like(past.doc, shift=shift, values=values, names=(past.account_name, like))
    return deeds.save(account=account, doc=document.checked(doc), by=by, at=at, template=f"like:{like}"[:63])


def _fresh(account: str, by: Scope) -> int:
    by.require("work.do")
    number = accounts.ids_by_key([account], seen_by=by).get(account)
    if number is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    if models.SuccessPlan.objects.filter(account=number).exists():
        raise Conflict("This account has a success plan already. Change that one.")
    return number
