"""The slides of a review, one finding each; what there is none of has no slide."""

from collections.abc import Sequence
from datetime import timedelta

from keepwell.drafting.review import findings
from keepwell.drafting.slides.deck import Graph, Grid, Points, Receipt, Series, Slide, Stat
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import measured, whole
from keepwell.kernel.figures import shared as percent
from keepwell.outcomes.formulas.judging import STATUSES
from keepwell.outcomes.queries.briefs import Brief, Standing
from keepwell.outcomes.queries.shared import SharedStep

MOST_FEATURES, MOST_STANDINGS = 6, 6
NEXT = timedelta(days=92)
HEADS = {
    "Outcome": speech.later("Outcome"),
    "Indicator": speech.later("Indicator"),
    "Baseline": speech.later("Baseline"),
    "Now": speech.later("Now"),
    "Target": speech.later("Target"),
    "By": speech.later("By"),
    "State": speech.later("State"),
    "Step": speech.later("Step"),
    "Owner": speech.later("Owner"),
    "Due": speech.later("Due"),
}


def summary(brief: Brief) -> Slide:
    """Everything in a minute: the first finding is the title."""
    told = [findings.told_plan(brief.plan), findings.told_use(brief), findings.told_service(brief)]
    found = [one for one in told if one]
    stats = [
        stat
        for stat in (
            findings.plan_stat(brief.plan),
            *findings.use_stats(brief),
            *findings.service_stats(brief),
        )
        if stat
    ]
    return Slide(
        title=found[0] if found else speech.told("Little is known of these weeks"),
        stats=tuple(stats[:4]),
        blocks=tuple(
            block
            for block in (
                Points(speech.told("What happened"), tuple(found[1:] or found)),
                Points(speech.told("What needs us both"), tuple(findings.asks(brief))),
            )
            if block.said
        ),
        receipts=(
            findings.receipt(
                speech.told("Outcomes as agreed in the success plan; use and tickets as recorded."), brief
            ),
        ),
    )


def outcomes(brief: Brief) -> Slide | None:
    """Each outcome with its indicators: from where, to where, until when."""
    if brief.plan is None or not brief.plan.objectives:
        return None
    rows: list[tuple[str, ...]] = []
    for one in brief.plan.objectives:
        status, until = speech.said(STATUSES[one.verdict.status]), one.reached_on or one.target_date
        day = date_said(until, long=True) if until else "–"
        if not one.indicators:
            rows.append((one.title, "–", "–", "–", "–", day, status))
        for place, each in enumerate(one.indicators):
            figures = (each.baseline, each.value, each.target)
            said = ("–" if value is None else measured(value, each.unit) for value in figures)
            rows.append(
                (
                    one.title if place == 0 else "",
                    each.title,
                    *said,
                    day,
                    speech.said(STATUSES[each.verdict.status]),
                )
            )
    heads = ("Outcome", "Indicator", "Baseline", "Now", "Target", "By", "State")
    return Slide(
        title=findings.told_plan(brief.plan),
        blocks=(Grid(tuple(map(_head, heads)), tuple(rows), frozenset({2, 3, 4})),),
        receipts=(
            findings.receipt(
                speech.told(
                    "The success plan; indicators as measured, or read by hand where the plan says so."
                ),
                brief,
            ),
        ),
    )


def _head(slug: str) -> str:
    return speech.said(HEADS[slug])


def use(brief: Brief) -> Slide | None:
    """Half a year of use, week by week."""
    if findings.events(brief.weeks) is None and findings.events(brief.before) is None:
        return None
    named = findings.people((*brief.before, *brief.weeks)) is not None
    weeks = (*brief.before, *brief.weeks)
    values = tuple(float(week.people or 0) if named else float(week.events) for week in weeks)
    what = speech.told("People active in a week") if named else speech.told("Events of use in a week")
    return Slide(
        title=findings.told_use(brief),
        blocks=(Graph("lines", what, tuple(week.first_day for week in weeks), (Series(what, values),)),),
        receipts=(
            findings.receipt(
                speech.told("%(what)s, Monday to Sunday or as the weeks end with the period.", what=what),
                brief,
            ),
        ),
    )


def features(brief: Brief) -> Slide | None:
    """What is used, and by how many."""
    if brief.use is None:
        return None
    told = [one for one in brief.use.features if one.feature]
    if not told:
        return None
    named = all(one.people is not None for one in told)
    what = (
        speech.told("People who used it in 13 weeks") if named else speech.told("Events of use in 13 weeks")
    )
    counts = {one.feature: float(one.people or 0) if named else float(one.events) for one in told}
    most = sorted(counts, key=lambda feature: -counts[feature])[:MOST_FEATURES]
    values = tuple(counts[feature] for feature in most)
    return Slide(
        title=speech.told("“%(feature)s” is used most", feature=most[0]),
        blocks=(Graph("bars", what, tuple(most), (Series(what, values),)),),
        receipts=(findings.receipt(f"{what}.", brief),),
    )


def standing(brief: Brief) -> Slide | None:
    """Where the customer stands among others, in figures of use."""
    if not brief.standings:
        return None
    best = sorted(brief.standings, key=lambda one: -one.percentile)[:MOST_STANDINGS]
    return Slide(
        title=_told_standing(best),
        blocks=(
            Graph(
                "bars",
                speech.told("Better than this share of our customers, in percent"),
                tuple(f"{one.title}: {measured(one.value, one.unit)}" for one in best),
                (Series(speech.told("Percentile"), tuple(round(one.percentile) for one in best)),),
            ),
        ),
        receipts=tuple(
            Receipt(
                f"{one.title}: {speech.said(one.sentence)}",
                speech.told("Among %(count)s customers.", count=whole(one.count)),
            )
            for one in best
        ),
    )


def _told_standing(best: Sequence[Standing]) -> str:
    ahead = sum(one.percentile > 50 for one in best)
    return speech.told(
        "In %(ahead)s of %(of)s figures of use you are ahead of most customers", ahead=ahead, of=len(best)
    )


def service(brief: Brief) -> Slide | None:
    """Tickets: how many, how fast."""
    served, told = brief.served, findings.told_service(brief)
    if not told:
        return None
    hours = "–" if served.median_hours is None else measured(round(served.median_hours, 1), "hours")
    first = "–" if served.first_contact_percent is None else percent(served.first_contact_percent)
    return Slide(
        title=told,
        stats=(
            Stat(
                speech.told("Opened"),
                whole(served.opened),
                speech.told("before: %(n)s", n=whole(served.opened_before)),
            ),
            Stat(
                speech.told("Escalated"),
                whole(served.escalated),
                speech.told("before: %(n)s", n=whole(served.escalated_before)),
            ),
            Stat(speech.told("Half are solved within"), hours),
            Stat(speech.told("Solved at first contact"), first),
        ),
        blocks=(
            Points(
                "",
                (findings.told_open(brief.open),),
            ),
        ),
        receipts=(findings.receipt(speech.told("Tickets of the 90 days that end with the period."), brief),),
    )


def coming(brief: Brief) -> Slide | None:
    """The steps of the next quarter, with owners on both sides."""
    if brief.plan is None:
        return None
    open_ = [
        one
        for one in brief.plan.steps
        if one.done_on is None and (one.due_date is None or one.due_date <= brief.until + NEXT)
    ]
    if not open_:
        return None
    rows = tuple(
        (
            one.title,
            findings.who(one),
            date_said(one.due_date, long=True) if one.due_date else "–",
            _state(one),
        )
        for one in open_
    )
    late = sum(one.is_overdue for one in open_)
    title = speech.told("Next quarter: %(steps)s", steps=findings.steps(len(open_)))
    if late:
        title = speech.told(
            "Next quarter: %(steps)s, %(late)s late", steps=findings.steps(len(open_)), late=late
        )
    return Slide(
        title=title,
        blocks=(Grid(tuple(map(_head, ("Step", "Owner", "Due", "State"))), rows),),
        receipts=(
            findings.receipt(speech.told("Milestones and tasks of the success plan that are open."), brief),
        ),
    )


def _state(step: SharedStep) -> str:
    return speech.told("Overdue") if step.is_overdue else speech.told("To come")
