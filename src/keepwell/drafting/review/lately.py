"""What was decided last time, and what became of it."""

from keepwell.drafting.slides.deck import Grid, Points, Receipt, Slide
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.formulas.judging import STATUSES
from keepwell.outcomes.queries.briefs import Brief
from keepwell.outcomes.queries.shared_reviews import SharedAction, SharedReview
from keepwell.outcomes.review_words import SCORES

GOOD = ("on_track", "reached")


def since_then(brief: Brief) -> Slide | None:
    """Decisions, and action items with their state today."""
    last = brief.last
    if last is None or not (last.decisions or last.actions):
        return None
    heads = (speech.told("Action item"), speech.told("Owner"), speech.told("Due"), speech.told("State"))
    points = Points(speech.told("Decided"), last.decisions)
    grid = Grid(heads, tuple(_row(one) for one in last.actions))
    return Slide(
        title=_finding(last),
        blocks=tuple(
            block for block, is_there in ((points, last.decisions), (grid, last.actions)) if is_there
        ),
        receipts=(_receipt(brief, last),),
    )


def scores(brief: Brief) -> Slide | None:
    """How outcomes stood in the review, and how they stand at the end of the period."""
    last = brief.last
    if last is None or not last.scores:
        return None
    now = {} if brief.plan is None else {one.title: one.verdict.status for one in brief.plan.objectives}
    known = [one for one in last.scores if one.title in now]
    rows = tuple(
        (
            one.title,
            speech.said(SCORES[one.stands]),
            speech.said(STATUSES[now[one.title]])
            if one.title in now
            else speech.told("No longer in the plan"),
            one.words or "–",
        )
        for one in last.scores
    )
    said = {
        "then": sum(one.stands in GOOD for one in known), "now": sum(now[one.title] in GOOD for one in known),
        "of": len(known), "day": date_said(last.held_on, long=True),
    }  # fmt: skip
    title = speech.told("What was scored on %(day)s is no longer in the plan", day=said["day"])
    if known:
        title = speech.told(
            "%(now)s of %(of)s outcomes on track or reached; on %(day)s it was %(then)s", **said
        )
    heads = (
        speech.told("Outcome"), speech.told("Last time"), speech.told("Now"), speech.told("In your words, last time"),
    )  # fmt: skip
    return Slide(title=title, blocks=(Grid(heads, rows),), receipts=(_receipt(brief, last),))


def _finding(last: SharedReview) -> str:
    told = [one for one in last.actions if one.is_told]
    day = date_said(last.held_on, long=True)
    if not told:
        return speech.told("What we decided on %(day)s", day=day)
    done = sum(one.done_on is not None for one in told)
    late = sum(one.is_overdue for one in told)
    if done == len(told):
        return speech.told("Everything that we agreed on %(day)s is done", day=day)
    if late:
        return speech.told(
            "Action items of %(day)s: %(done)s of %(of)s done, %(late)s overdue",
            done=done, of=len(told), day=day, late=late,
        )  # fmt: skip
    return speech.told("Action items of %(day)s: %(done)s of %(of)s done", done=done, of=len(told), day=day)


def _row(one: SharedAction) -> tuple[str, ...]:
    return (
        one.title,
        one.owner or speech.told("nobody yet"),
        date_said(one.due_date) if one.due_date else "–",
        _state(one),
    )


def _state(one: SharedAction) -> str:
    if one.done_on is not None:
        return speech.told("Done, %(day)s", day=date_said(one.done_on))
    if not one.is_told:
        return "–"
    return speech.told("Overdue") if one.is_overdue else speech.told("Open")


def _receipt(brief: Brief, last: SharedReview) -> Receipt:
    return Receipt(
        speech.told("As noted in the review of %(day)s.", day=date_said(last.held_on, long=True)),
        speech.told("As of %(day)s.", day=date_said(brief.today, long=True)),
    )
