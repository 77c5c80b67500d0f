"""What the page of an account's success plan says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from keepwell.charts.plan_line import Dot, plan_line
from keepwell.charts.sparkline import sparkline
from keepwell.drafting.plan_sheet import CADENCES
from keepwell.faces.components import words
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.kernel import speech
from keepwell.kernel.figures import measured
from keepwell.outcomes import document, visibility
from keepwell.outcomes.queries.columns import STATES
from keepwell.outcomes.queries.plans import (
    STATUSES,
    IndicatorView,
    ObjectiveView,
    OpinionView,
    PlanView,
    StepView,
    VersionView,
)

# Where something stands is drawn like a band: shape, colour, word.
SHAPES = {"reached": "green", "on_track": "green", "at_risk": "yellow", "missed": "red", "unknown": "unknown"}
MADE = {"agreed": speech.later("Agreed"), "refreshed": speech.later("Refreshed")}
NOUNS = {
    "objective": speech.later("Outcome"),
    "indicator": speech.later("Indicator"),
    "step": speech.later("Step"),
}


@dataclass(frozen=True)
class StandingMark:
    """Where something stands: shape and word."""

    shape: str
    word: str

    @classmethod
    def of(cls, status: str) -> "StandingMark":
        """By its slug."""
        return cls(SHAPES[status], speech.said(STATUSES[status]))


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator with the way from baseline to target."""

    slug: str
    title: str
    href: str
    source: str
    spark: SafeString
    baseline: str
    now: str
    target: str
    until: str
    alarm: str
    rehearsed: str
    mark: StandingMark
    reason: str
    evidence: str
    is_by_hand: bool
    is_internal: bool


@dataclass(frozen=True)
class ObjectiveCard:
    """An outcome."""

    slug: str
    title: str
    href: str
    why: str
    until: str
    mark: StandingMark
    reason: str
    evidence: str
    review_href: str
    is_reached: bool
    is_internal: bool
    indicators: tuple[IndicatorLine, ...]
    add_href: str


@dataclass(frozen=True)
class StepRow:
    """A milestone or a task."""

    slug: str
    title: str
    href: str
    kind: str
    due: str
    state: str
    tone: str
    ours: str
    theirs: str
    more: str
    is_done: bool
    is_internal: bool


@dataclass(frozen=True)
class OpinionCard:
    """What one of theirs calls success."""

    id: int
    person: str
    about: str
    text: str
    when: str
    resolution: str
    is_settled: bool
    is_shared: bool


@dataclass(frozen=True)
class VersionRow:
    """A frozen version."""

    number: int
    made: str
    when: str
    who: str
    note: str
    href: str


@dataclass(frozen=True)
class PlanPage:
    """The whole page."""

    head: AccountHead
    state: str
    state_word: str
    vision: str
    notes: str
    cadence: str
    advice: str
    objectives: tuple[ObjectiveCard, ...]
    steps: tuple[StepRow, ...]
    line: SafeString
    opinions: tuple[OpinionCard, ...]
    versions: tuple[VersionRow, ...]
    dropped: tuple[tuple[str, str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    today: str
    is_changed: bool
    may_write: bool
    is_agreed: bool


@dataclass(frozen=True)
class NoPlanPage:
    """An account without a plan."""

    head: AccountHead
    may_write: bool


@dataclass(frozen=True)
class PastPlanPage:
    """The version that was in force on a past day."""

    head: AccountHead
    title: str
    vision: str
    objectives: tuple[tuple[str, str, tuple[str, ...]], ...]


def page(
    head: AccountHead, plan: PlanView, *, people: Sequence[tuple[str, str]], today: date, may_write: bool
) -> PlanPage:
    """From what the stage knows of the plan."""
    key = plan.account_key
    return PlanPage(
        head=head,
        state=_state(plan, today),
        state_word=speech.said(STATES[plan.state]),
        vision=plan.doc.vision,
        notes=plan.doc.notes,
        cadence=speech.said(CADENCES.get(plan.doc.cadence, "")),
        advice=speech.said(document.TOO_MANY) if plan.has_too_many else "",
        objectives=tuple(_objective(one, key, today) for one in plan.objectives),
        steps=tuple(_step(one, key, today) for one in plan.steps),
        line=_line(plan.steps, today),
        opinions=tuple(_opinion(one, today) for one in plan.opinions),
        versions=tuple(_version(one, key, today) for one in plan.versions),
        dropped=tuple((noun, slug, speech.said(NOUNS[noun]), title) for noun, slug, title in plan.dropped),
        people=tuple(people),
        today=today.isoformat(),
        is_changed=plan.is_changed,
        may_write=may_write,
        is_agreed=bool(plan.versions),
    )


def piece_href(key: str, noun: str, slug: str, **asked: str) -> str:
    """The editor of a piece of a plan."""
    query = f"?{urlencode(asked)}" if asked else ""
    return reverse("account-plan-piece", args=(key, noun, slug)) + query


def _state(plan: PlanView, today: date) -> str:
    tally = plan.tally
    said = [
        speech.told("%(n)s %(status)s", n=tally[slug], status=speech.said(STATUSES[slug]).lower())
        for slug in STATUSES
        if tally[slug]
    ]
    if plan.confirmed_at is not None:
        on = words.day(words.day_when(plan.confirmed_at), today=today)
        said.append(speech.told("confirmed %(on)s", on=on))
    if plan.is_changed:
        said.append(speech.told("changed since its last version"))
    return " · ".join(said)


def _is_internal(noun: str, labels: dict[str, str]) -> bool:
    return visibility.label(noun, visibility.fields(noun)[0].slug, labels) == "internal"


def _objective(one: ObjectiveView, key: str, today: date) -> ObjectiveCard:
    doc = one.doc
    until = one.reached_on or doc.target_date
    return ObjectiveCard(
        slug=doc.slug,
        title=doc.title,
        href=piece_href(key, "objective", doc.slug),
        why=doc.why,
        until=words.day(until, today=today) if until else "",
        mark=StandingMark.of(one.verdict.status),
        reason=one.verdict.reason,
        evidence=one.evidence,
        review_href="" if one.review is None else reverse("account-review-one", args=(key, one.review)),
        is_reached=one.reached_on is not None,
        is_internal=_is_internal("objective", doc.labels),
        indicators=tuple(_indicator(each, key, today) for each in one.indicators),
        add_href=piece_href(key, "indicator", "new", objective=doc.slug),
    )


def _indicator(one: IndicatorView, key: str, today: date) -> IndicatorLine:
    doc, stands = one.doc, one.stands

    def said(value: float | None) -> str:
        return "–" if value is None else measured(value, doc.unit)

    drawn = sparkline(stands.trend, band=SHAPES[one.verdict.status], label=doc.title, is_score=False)
    rehearsed = ""
    if stands.weeks and doc.trigger is not None:
        rehearsed = speech.told(
            "It would have stood past its alarm in %(past)s of the last %(weeks)s weeks that are known.",
            past=stands.past,
            weeks=stands.weeks,
        )
    read = speech.told("read %(on)s", on=words.day(stands.on, today=today)) if stands.on else ""
    return IndicatorLine(
        slug=doc.slug,
        title=doc.title,
        href=piece_href(key, "indicator", doc.slug),
        source=one.metric_title or " · ".join(filter(None, (speech.told("by hand"), read))),
        spark=mark_safe(drawn),  # noqa: S308 our own drawing, which escapes its label
        baseline=said(doc.baseline),
        now=said(stands.value),
        target=said(doc.target),
        until=words.day(doc.target_date, today=today) if doc.target_date else "–",
        alarm=said(doc.trigger),
        rehearsed=rehearsed,
        mark=StandingMark.of(one.verdict.status),
        reason=one.verdict.reason,
        evidence=stands.evidence,
        is_by_hand=not doc.metric,
        is_internal=_is_internal("indicator", doc.labels),
    )


def _step(one: StepView, key: str, today: date) -> StepRow:
    doc = one.doc
    due = one.done_on or doc.due_date
    said = [one.objective]
    if one.waits_for and one.done_on is None:
        said.append(speech.told("waits for %(titles)s", titles=", ".join(one.waits_for)))
    state, tone = _stands(one)
    return StepRow(
        slug=doc.slug,
        title=doc.title,
        href=piece_href(key, "step", doc.slug),
        kind=speech.told("Milestone") if doc.kind == "milestone" else speech.told("Task"),
        due=words.day(due, today=today) if due else "–",
        state=state,
        tone=tone,
        ours=one.ours,
        theirs=one.theirs,
        more=" · ".join(filter(None, said)),
        is_done=one.done_on is not None,
        is_internal=_is_internal("step", doc.labels),
    )


def _stands(one: StepView) -> tuple[str, str]:
    if one.done_on is not None:
        return speech.told("Done"), "good"
    if one.is_overdue:
        return speech.told("Overdue"), "bad"
    return speech.told("To come"), "unknown"


def _line(steps: Sequence[StepView], today: date) -> SafeString:
    dots = [
        Dot(day, f"{one.doc.title}, {words.date_of(day)}", _stands(one)[1])
        for one in steps
        if (day := one.done_on or one.doc.due_date)
    ]
    drawn = plan_line(dots, today=today, told=speech.told("Steps of the plan over time"))
    return mark_safe(drawn)  # noqa: S308 our own drawing, which escapes its titles


def _opinion(one: OpinionView, today: date) -> OpinionCard:
    return OpinionCard(
        id=one.id,
        person=one.person or speech.told("Somebody who is no longer known"),
        about=one.objective or speech.told("The whole plan"),
        text=one.text,
        when=words.day(one.said_on, today=today),
        resolution=one.resolution,
        is_settled=one.resolved_at is not None,
        is_shared=not _is_internal("opinion", dict(one.labels)),
    )


def _version(one: VersionView, key: str, today: date) -> VersionRow:
    agreed = (
        speech.told("%(name)s, %(on)s", name=one.name, on=words.day(one.on, today=today)) if one.on else ""
    )
    return VersionRow(
        one.number,
        speech.said(MADE[one.made]),
        words.day(words.day_when(one.at), today=today),
        " · ".join(filter(None, (agreed, one.how))) or one.by,
        one.note,
        reverse("account-plan-comparison", args=(key,)) + f"?{urlencode({'before': one.number})}",
    )


def past(head: AccountHead, plan: PlanView | None, *, today: date) -> PastPlanPage:
    """The version that was the last one on the day of the page."""
    del today
    version = plan.versions[0] if plan is not None and plan.versions else None
    if version is None:
        return PastPlanPage(head, "", "", ())
    content = version.content
    objectives = tuple(
        (one["title"], one.get("why", ""), tuple(each["title"] for each in one.get("indicators", ())))
        for one in content.get("objectives", ())
    )
    title = speech.told(
        "Version %(n)s, %(made)s on %(on)s",
        n=version.number,
        made=speech.said(MADE[version.made]).lower(),
        on=words.date_of(words.day_when(version.at), long=True),
    )
    return PastPlanPage(head, title, content.get("vision", ""), objectives)
