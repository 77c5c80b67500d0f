"""A shared plan in words, for a customer's page and for paper; or redacted, to be shown to somebody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import measured
from keepwell.outcomes.formulas.judging import STATUSES
from keepwell.outcomes.formulas.redacting import Redactor
from keepwell.outcomes.queries.shared import SharedIndicator, SharedObjective, SharedPlan, SharedStep

CADENCES = {
    "weekly": speech.later("every week"),
    "biweekly": speech.later("every two weeks"),
    "monthly": speech.later("every month"),
    "quarterly": speech.later("every quarter"),
}


@dataclass(frozen=True)
class SheetIndicator:
    """An indicator: baseline, now and target in words."""

    title: str
    baseline: str
    now: str
    target: str
    until: str
    status: str
    slug: str
    reason: str
    evidence: str


@dataclass(frozen=True)
class SheetObjective:
    """An outcome."""

    title: str
    why: str
    until: str
    status: str
    slug: str
    indicators: tuple[SheetIndicator, ...]


@dataclass(frozen=True)
class SheetStep:
    """A milestone or a task."""

    title: str
    due: str
    state: str
    tone: str
    ours: str
    theirs: str
    more: str


@dataclass(frozen=True)
class Sheet:
    """The whole plan, all in words."""

    title: str
    day: str
    vision: str
    cadence: str
    agreed: str
    objectives: tuple[SheetObjective, ...]
    steps: tuple[SheetStep, ...]
    opinions: tuple[tuple[str, str, str], ...]


def sheet(plan: SharedPlan) -> Sheet:
    """For the customer themselves."""
    return _made(plan, plan.account_name, _day, str, _figure, who=str)


def redacted(plan: SharedPlan, *, redactor: Redactor, industry: str) -> Sheet:
    """For somebody else: no names, no amounts, figures as an index of the baseline, days as weeks from the beginning."""

    def week(day: date | None) -> str:
        return "" if day is None else speech.told("week %(n)s", n=max(1, (day - plan.begun).days // 7 + 1))

    title = (
        speech.told("A customer in %(industry)s", industry=industry)
        if industry
        else speech.told("A customer")
    )
    return _made(
        plan, title, week, redactor.clean, _index, who=lambda name: speech.told("named") if name else "", at=""
    )  # fmt: skip


def _made(
    plan: SharedPlan,
    title: str,
    day: Callable[[date | None], str],
    clean: Callable[[str], str],
    figure: Callable[[SharedIndicator, float | None], str],
    *,
    who: Callable[[str], str],
    at: str | None = None,
) -> Sheet:
    agreed = ""
    if plan.agreed is not None:
        said = [who(plan.agreed.name) if at is None else "", day(plan.agreed.on), clean(plan.agreed.how)]
        agreed = ", ".join(part for part in said if part)
    return Sheet(
        title=title,
        day=_day(plan.day) if at is None else at,
        vision=clean(plan.vision),
        cadence=speech.said(CADENCES.get(plan.cadence, "")),
        agreed=agreed,
        objectives=tuple(_objective(one, day, clean, figure) for one in plan.objectives),
        steps=tuple(_step(one, day, clean, who) for one in plan.steps),
        opinions=tuple((clean(one.text), who(one.person), clean(one.resolution)) for one in plan.opinions),
    )


def _objective(
    one: SharedObjective,
    day: Callable[[date | None], str],
    clean: Callable[[str], str],
    figure: Callable[[SharedIndicator, float | None], str],
) -> SheetObjective:
    indicators = tuple(
        SheetIndicator(
            title=clean(each.title),
            baseline=figure(each, each.baseline),
            now=figure(each, each.value),
            target=figure(each, each.target),
            until=day(each.target_date),
            status=speech.said(STATUSES[each.verdict.status]),
            slug=each.verdict.status,
            reason=clean(each.verdict.reason),
            evidence=clean(each.evidence),
        )
        for each in one.indicators
    )
    status = one.verdict.status
    until = day(one.reached_on or one.target_date)
    return SheetObjective(
        clean(one.title), clean(one.why), until, speech.said(STATUSES[status]), status, indicators
    )


def _step(
    one: SharedStep, day: Callable[[date | None], str], clean: Callable[[str], str], who: Callable[[str], str]
) -> SheetStep:
    if one.done_on is not None:
        state, tone = speech.told("Done"), "good"
    elif one.is_overdue:
        state, tone = speech.told("Overdue"), "bad"
    else:
        state, tone = speech.told("To come"), "unknown"
    said = [
        clean(one.objective),
        *(speech.told("after: %(title)s", title=clean(title)) for title in one.after),
    ]
    more = " · ".join(part for part in said if part)
    return SheetStep(
        clean(one.title), day(one.done_on or one.due_date), state, tone, who(one.ours), who(one.theirs), more
    )


def _day(day: date | None) -> str:
    return "" if day is None else date_said(day, long=True)


def _figure(one: SharedIndicator, value: float | None) -> str:
    return "–" if value is None else measured(value, one.unit)


def _index(one: SharedIndicator, value: float | None) -> str:
    """With the baseline as 100; nothing where that is not known."""
    if value is None or not one.baseline:
        return "–"
    return f"{100 * value / one.baseline:.0f}"
