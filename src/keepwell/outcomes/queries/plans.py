"""A success plan as those of us see it who may see its account: everything, with where it stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db.models import F

from keepwell.access.scopes import Scope
from keepwell.kernel import speech
from keepwell.kernel.errors import NotFound
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts
from keepwell.metrics.catalogue import Metric
from keepwell.metrics.queries import catalogue
from keepwell.outcomes import document, models
from keepwell.outcomes.document import IndicatorDoc, ObjectiveDoc, PlanDoc, StepDoc
from keepwell.outcomes.formulas import judging
from keepwell.outcomes.formulas.judging import Course, Verdict
from keepwell.outcomes.queries import standing
from keepwell.outcomes.queries.standing import Stands

Labels = Mapping[str, str]
STATUSES = judging.STATUSES


@dataclass(frozen=True)
class IndicatorView:
    """An indicator: what is asked of it, where it stands, how that is judged."""

    doc: IndicatorDoc
    metric_title: str
    baseline_on: date | None
    stands: Stands
    verdict: Verdict

    @property
    def is_past_trigger(self) -> bool | None:
        """Whether it alarms; None where that is not known."""
        return judging.is_past(self.stands.value, self.doc.trigger, self.doc.better)


@dataclass(frozen=True)
class ObjectiveView:
    """An outcome with its indicators; `review` is the one that scored it as reached."""

    id: int
    doc: ObjectiveDoc
    reached_on: date | None
    evidence: str
    review: int | None
    indicators: tuple[IndicatorView, ...]
    verdict: Verdict


@dataclass(frozen=True)
class StepView:
    """A milestone or a task; `waits_for` are the titles of those before it that are not done."""

    doc: StepDoc
    ours: str
    theirs: str
    objective: str
    after: tuple[str, ...]
    waits_for: tuple[str, ...]
    done_on: date | None
    is_overdue: bool


@dataclass(frozen=True)
class OpinionView:
    """What one of theirs calls success; settled when it has a resolution."""

    id: int
    person: str
    person_key: str
    objective: str
    text: str
    said_on: date
    by: str
    labels: Labels
    resolution: str
    resolved_at: datetime | None


@dataclass(frozen=True)
class VersionView:
    """What was agreed or refreshed, by whom of theirs, on which day."""

    number: int
    made: str
    at: datetime
    by: str
    note: str
    name: str
    on: date | None
    how: str
    content: Mapping[str, Any]
    standing: Mapping[str, Any]


@dataclass(frozen=True)
class PlanView:
    """A plan with everything about it. `is_changed` says that it says something else than its last version."""

    account_id: int
    account_key: str
    account_name: str
    industry: str
    doc: PlanDoc
    objectives: tuple[ObjectiveView, ...]
    steps: tuple[StepView, ...]
    opinions: tuple[OpinionView, ...]
    versions: tuple[VersionView, ...]
    dropped: tuple[tuple[str, str, str], ...]
    state: str
    created_at: datetime
    changed_at: datetime
    confirmed_at: datetime | None
    is_changed: bool
    day: date

    @property
    def has_too_many(self) -> bool:
        """Whether there are more outcomes than anybody keeps in mind."""
        return len(self.objectives) > 3

    @property
    def tally(self) -> Counter[str]:
        """How many outcomes stand where."""
        return Counter(one.verdict.status for one in self.objectives)


def find(*, account: str, seen_by: Scope, day: date) -> PlanView:
    """An account's plan as it stands on a day; refuses where there is none. Some ten queries, whatever is in it."""
    plan = _row(account, seen_by)
    if plan is None:
        raise NotFound('"%(account)s" has no success plan yet.', account=account)
    return _view(plan, day)


def perhaps(*, account: str, seen_by: Scope, day: date) -> PlanView | None:
    """The same, or None where there is no plan."""
    plan = _row(account, seen_by)
    return None if plan is None else _view(plan, day)


def _row(account: str, seen_by: Scope) -> models.SuccessPlan | None:
    found = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if found is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    return models.SuccessPlan.objects.select_related("account").filter(account=found).first()


def doc_of(plan: models.SuccessPlan) -> PlanDoc:
    """What a plan says, as one document. Three queries."""
    return Pieces.of(plan).doc(plan)


@dataclass(frozen=True)
class Pieces:
    """The rows of a plan."""

    objectives: Sequence[Any]
    indicators: Sequence[models.Indicator]
    steps: Sequence[Any]

    @classmethod
    def of(cls, plan: models.SuccessPlan) -> "Pieces":
        """All of them, dropped ones too. Three queries."""
        mine: dict[str, Any] = {"plan": plan}
        objectives = models.Objective.objects.filter(**mine).annotate(
            reached_on=F("reach__on"),
            evidence=F("reach__evidence"),
            review=F("reach__review"),
            review_title=F("reach__review__title"),
        )
        steps = models.PlanStep.objects.filter(**mine).select_related("ours", "theirs", "objective")
        return cls(
            list(objectives.order_by("place", "pk")),
            list(models.Indicator.objects.filter(**mine).order_by("place", "pk")),
            list(steps.annotate(done_on=F("completion__on")).order_by("place", "pk")),
        )

    def live(self, rows: Sequence[Any]) -> list[Any]:
        """Those that were not dropped."""
        return [row for row in rows if row.dropped_at is None]

    def doc(self, plan: models.SuccessPlan) -> PlanDoc:
        """The plan as a document."""
        under: dict[int, list[IndicatorDoc]] = {}
        for row in self.live(self.indicators):
            under.setdefault(row.objective_id, []).append(indicator_doc(row))
        return PlanDoc(
            vision=plan.vision,
            cadence=plan.cadence,  # type: ignore[arg-type]
            notes=plan.notes,
            labels=plan.labels,
            objectives=tuple(
                _objective_doc(row, under.get(row.pk, ())) for row in self.live(self.objectives)
            ),
            steps=tuple(_step_doc(row) for row in self.live(self.steps)),
        )


def indicator_doc(row: models.Indicator) -> IndicatorDoc:
    """An indicator as it is written."""
    return IndicatorDoc(
        title=row.title, slug=row.slug, metric=row.metric, unit=row.unit, better=row.better,  # type: ignore[arg-type]
        baseline=row.baseline, target=row.target, target_date=row.target_date, trigger=row.trigger, notes=row.notes,
        labels=row.labels,
    )  # fmt: skip


def _objective_doc(row: models.Objective, indicators: Sequence[IndicatorDoc]) -> ObjectiveDoc:
    return ObjectiveDoc(
        title=row.title, slug=row.slug, why=row.why, target_date=row.target_date, notes=row.notes,
        labels=row.labels, indicators=tuple(indicators),
    )  # fmt: skip


def _step_doc(row: models.PlanStep) -> StepDoc:
    return StepDoc(
        title=row.title,
        slug=row.slug,
        kind=row.kind,  # type: ignore[arg-type]
        objective="" if row.objective is None or row.objective.dropped_at else row.objective.slug,
        due_date=row.due_date,
        ours=row.ours.email if row.ours else "",
        theirs=row.theirs.key if row.theirs else "",
        after=tuple(row.after),
        notes=row.notes,
        labels=row.labels,
    )


def _view(plan: models.SuccessPlan, day: date) -> PlanView:
    pieces = Pieces.of(plan)
    doc = pieces.doc(plan)
    account: Account = plan.account
    stands = standing.of(pieces.live(pieces.indicators), account_id=account.pk, day=day)
    metrics = {metric.slug: metric for metric in catalogue.answering()}
    versions = _versions(plan)
    agreed = next((one for one in versions), None)
    return PlanView(
        account_id=account.pk,
        account_key=account.key,
        account_name=account.name or account.key,
        industry=account.industry,
        doc=doc,
        objectives=_objectives(pieces, doc, stands, metrics, day),
        steps=_steps(pieces, day),
        opinions=_opinions(plan),
        versions=versions,
        dropped=_dropped(pieces),
        state=judging.state(
            has_plan=True,
            agreed=agreed is not None,
            confirmed_on=plan.confirmed_at.date() if plan.confirmed_at else None,
            today=day,
        ),
        created_at=plan.created_at,
        changed_at=plan.changed_at,
        confirmed_at=plan.confirmed_at,
        is_changed=agreed is not None and agreed.content != document.written(doc),
        day=day,
    )


def _dropped(pieces: Pieces) -> tuple[tuple[str, str, str], ...]:
    """What was dropped and may be taken back: noun, slug, title."""
    kinds = (("objective", pieces.objectives), ("indicator", pieces.indicators), ("step", pieces.steps))
    return tuple((noun, row.slug, row.title) for noun, rows in kinds for row in rows if row.dropped_at)


def _objectives(
    pieces: Pieces, doc: PlanDoc, stands: Mapping[int, Stands], metrics: Mapping[str, Metric], day: date
) -> tuple[ObjectiveView, ...]:
    under: dict[int, list[IndicatorView]] = {}
    for row in pieces.live(pieces.indicators):
        under.setdefault(row.objective_id, []).append(_indicator(row, stands[row.pk], metrics, day))
    rows = zip(pieces.live(pieces.objectives), doc.objectives, strict=True)
    return tuple(_objective(row, said, tuple(under.get(row.pk, ())), day) for row, said in rows)


def _objective(
    row: Any, said: ObjectiveDoc, indicators: tuple[IndicatorView, ...], day: date
) -> ObjectiveView:
    judged = [(one.doc.title, one.verdict) for one in indicators]
    verdict = judging.objective(judged, reached_on=row.reached_on, until=row.target_date, today=day)
    evidence = row.evidence or ""
    if row.review is not None:
        evidence = speech.told("Scored as reached in the review “%(title)s”.", title=row.review_title)
    return ObjectiveView(row.pk, said, row.reached_on, evidence, row.review, indicators, verdict)


def _indicator(
    row: models.Indicator, stands: Stands, metrics: Mapping[str, Metric], day: date
) -> IndicatorView:
    metric = metrics.get(row.metric)
    unit = row.unit or (metric.unit if metric else "")
    course = Course(row.better, unit, row.baseline, row.baseline_on, row.target, row.target_date, row.trigger)
    verdict = judging.indicator(course, stands.value, unknown=stands.reason, today=day)
    doc = msgspec.structs.replace(indicator_doc(row), unit=unit)
    return IndicatorView(doc, str(metric.title) if metric else row.metric, row.baseline_on, stands, verdict)


def _steps(pieces: Pieces, day: date) -> tuple[StepView, ...]:
    rows = pieces.live(pieces.steps)
    by_slug = {row.slug: row for row in rows}
    found = [
        StepView(
            doc=_step_doc(row),
            ours=str(row.ours) if row.ours else "",
            theirs=(row.theirs.name or row.theirs.key) if row.theirs else "",
            objective="" if row.objective is None or row.objective.dropped_at else row.objective.title,
            after=tuple(by_slug[slug].title for slug in row.after if slug in by_slug),
            waits_for=tuple(
                by_slug[slug].title for slug in row.after if slug in by_slug and by_slug[slug].done_on is None
            ),
            done_on=row.done_on,
            is_overdue=row.done_on is None and row.due_date is not None and row.due_date < day,
        )
        for row in rows
    ]
    far = date.max - timedelta(days=1)
    return tuple(sorted(found, key=lambda one: one.doc.due_date or far))


def _opinions(plan: models.SuccessPlan) -> tuple[OpinionView, ...]:
    rows: Any = models.Opinion.objects.filter(plan=plan).select_related("person", "objective", "by")
    told = rows.annotate(resolution_text=F("resolution__text"), resolved_at=F("resolution__at"))
    return tuple(
        OpinionView(
            id=row.pk,
            person=(row.person.name or row.person.key) if row.person else "",
            person_key=row.person.key if row.person else "",
            objective=row.objective.title if row.objective else "",
            text=row.text,
            said_on=row.said_on,
            by=str(row.by) if row.by else "",
            labels=row.labels,
            resolution=row.resolution_text or "",
            resolved_at=row.resolved_at,
        )
        for row in told.order_by(F("resolution__at").asc(nulls_first=True), "-said_on", "-pk")
    )


def _versions(plan: models.SuccessPlan) -> tuple[VersionView, ...]:
    rows: Any = models.PlanVersion.objects.filter(plan=plan).select_related("by").order_by("-number")
    told = rows.annotate(name=F("agreement__name"), on=F("agreement__on"), how=F("agreement__how"))
    return tuple(
        VersionView(
            row.number,
            row.made,
            row.at,
            str(row.by) if row.by else "",
            row.note,
            row.name or "",
            row.on,
            row.how or "",
            row.content,
            row.standing,
        )
        for row in told
    )


def beside(plan: PlanView, *, before: int, after: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Two states of a plan as documents; 0 as `before` is its last version, 0 as `after` what it says now."""
    contents = {one.number: one.content for one in plan.versions}
    asked = before or max(contents, default=0)
    for number in (asked, after):
        if number and number not in contents:
            raise NotFound("The plan has no version %(number)s.", number=number)
    return contents.get(asked, {}), contents[after] if after else document.written(plan.doc)
