"""What a brief comes to, in sentences and figures; what is not known is not told as nothing."""

from collections import Counter
from datetime import date

from keepwell.drafting.slides.deck import Receipt, Stat
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.kernel.figures import figure, whole
from keepwell.kernel.figures import shared as percent
from keepwell.ledger.queries.usage import UsageWeek
from keepwell.outcomes.formulas.judging import STATUSES
from keepwell.outcomes.queries.briefs import Brief, Open
from keepwell.outcomes.queries.shared import SharedObjective, SharedPlan, SharedStep

SAME = 0.03  # a change of less than this part is told as none
GOOD = ("on_track", "reached")


def _moment(day: date) -> str:
    return speech.told("As of %(day)s.", day=date_said(day, long=True))


def receipt(what: str, brief: Brief) -> Receipt:
    return Receipt(what, _moment(brief.until))


def told_plan(plan: SharedPlan | None) -> str:
    if plan is None or not plan.objectives:
        return speech.told("No outcome is agreed yet")
    count = _count(plan)
    good, of = sum(count[status] for status in GOOD), len(plan.objectives)
    if good == of:
        return speech.told("All outcomes are on track or reached")
    order = list(STATUSES)
    worst = min(plan.objectives, key=lambda one: order.index(one.verdict.status))
    late = worst.title
    if worst.verdict.status == "unknown":
        return speech.told(
            "%(good)s of %(of)s outcomes on track; of “%(late)s” it is not known yet",
            good=good, of=of, late=late,
        )  # fmt: skip
    return speech.told("%(good)s of %(of)s outcomes on track; “%(late)s” is not", good=good, of=of, late=late)


def plan_stat(plan: SharedPlan | None) -> Stat | None:
    if plan is None or not plan.objectives:
        return None
    count = _count(plan)
    good = sum(count[status] for status in GOOD)
    rest = ", ".join(
        f"{count[slug]} {speech.said(STATUSES[slug]).lower()}"
        for slug in STATUSES
        if count[slug] and slug not in GOOD
    )
    return Stat(speech.told("Outcomes on track"), f"{good} / {len(plan.objectives)}", rest)


def people(weeks: tuple[UsageWeek, ...]) -> float | None:
    """People a week on average; None where no week names any."""
    known = [week.people for week in weeks if week.people is not None]
    named = any(week.people for week in weeks)
    return sum(known) / len(weeks) if named and weeks else None


def events(weeks: tuple[UsageWeek, ...]) -> float | None:
    total = sum(week.events for week in weeks)
    return total / len(weeks) if total else None


def told_use(brief: Brief) -> str:
    now, before = people(brief.weeks), people(brief.before)
    who = speech.told("People active in a week")
    if now is None:
        now, before, who = events(brief.weeks), events(brief.before), speech.told("Use in a week")
    if now is None:
        return speech.told("No use is known for these weeks")
    if not before:
        return speech.told("%(who)s: %(now)s on average", who=who, now=figure(now))
    change = now / before - 1
    if abs(change) < SAME:
        return speech.told("%(who)s: %(now)s on average, as in the quarter before", who=who, now=figure(now))
    said = {"who": who, "before": figure(before), "now": figure(now), "percent": percent(100 * abs(change))}
    if change > 0:
        return speech.told("%(who)s rose by %(percent)s, from %(before)s to %(now)s", **said)
    return speech.told("%(who)s fell by %(percent)s, from %(before)s to %(now)s", **said)


def use_stats(brief: Brief) -> list[Stat | None]:
    now, before = people(brief.weeks), people(brief.before)
    if now is None:
        return []
    note = speech.told("%(before)s in the quarter before", before=figure(before)) if before else ""
    stats: list[Stat | None] = [Stat(speech.told("People active in a week"), figure(now), note)]
    if brief.seats and brief.use is not None and brief.use.named:
        used = percent(100 * brief.use.active / brief.seats)
        of = speech.told("%(active)s of %(seats)s", active=brief.use.active, seats=whole(brief.seats))
        stats.append(Stat(speech.told("Seats in use"), used, of))
    return stats


def told_service(brief: Brief) -> str:
    served = brief.served
    if not served.opened and not served.opened_before:
        return ""
    return speech.told(
        "%(now)s in the last 90 days, %(before)s in the 90 before",
        now=tickets(served.opened),
        before=whole(served.opened_before),
    )


def told_open(waiting: Open) -> str:
    """What waits for an answer."""
    if not waiting.tickets:
        return speech.told("No ticket waits for an answer.")
    return speech.told(
        "%(tickets)s wait for an answer, %(escalated)s of them escalated.",
        tickets=tickets(waiting.tickets),
        escalated=whole(waiting.escalated),
    )


def service_stats(brief: Brief) -> list[Stat | None]:
    served = brief.served
    if not served.opened and not served.opened_before and served.csat is None:
        return []
    before = speech.told("%(before)s in the 90 days before", before=whole(served.opened_before))
    stats: list[Stat | None] = [Stat(speech.told("Tickets in 90 days"), whole(served.opened), before)]
    if served.csat is not None:
        answers = speech.counted(
            served.csat_answers, "%(n)s answer", "%(n)s answers", n=whole(served.csat_answers)
        )
        stats.append(Stat(speech.told("Satisfaction (CSAT)"), figure(served.csat), answers))
    return stats


def asks(brief: Brief) -> list[str]:
    """What the customer is asked for: steps of theirs that are late, outcomes that nobody can judge, a plan to agree."""
    if brief.plan is None or not brief.plan.objectives:
        return [speech.told("Agree on three outcomes and how we will see them.")]
    late = [one for one in brief.plan.steps if one.is_overdue]
    asks = [
        speech.told(
            "%(title)s was due on %(day)s (%(who)s).",
            title=one.title,
            day=date_said(one.due_date, long=True),
            who=who(one),
        )
        for one in late
        if one.due_date is not None
    ]
    asks += [
        _doubt(one) for one in brief.plan.objectives if one.verdict.status in ("unknown", "missed", "at_risk")
    ]
    if brief.open.escalated:
        asks.append(
            speech.told("%(tickets)s wait that were escalated.", tickets=tickets(brief.open.escalated))
        )
    return asks


def _doubt(one: SharedObjective) -> str:
    if one.verdict.status == "unknown":
        return speech.told("“%(title)s”: nobody can say yet where it stands.", title=one.title)
    return f"“{one.title}”: {one.verdict.reason}"


def who(step: SharedStep) -> str:
    return " · ".join(name for name in (step.ours, step.theirs) if name) or speech.told("nobody yet")


def tickets(count: int) -> str:
    return speech.counted(count, "%(n)s ticket", "%(n)s tickets", n=whole(count))


def steps(count: int) -> str:
    return speech.counted(count, "%(n)s step", "%(n)s steps", n=whole(count))


def _count(plan: SharedPlan) -> Counter[str]:
    return Counter(str(one.verdict.status) for one in plan.objectives)
