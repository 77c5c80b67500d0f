"""What vendor and customers agreed: success plans of some accounts, begun four months ago, lived with and reviewed."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from keepwell.access.scopes import Scope
from keepwell.kernel.moments import start_of
from keepwell.outcomes import quarters
from keepwell.outcomes.actions import (
    beginning,
    holdings,
    opinions,
    progress,
    reviews,
    value_models,
    value_statements,
    versions,
)
from keepwell.outcomes.actions.holdings import Held, Judged, Todo
from keepwell.outcomes.actions.reviews import Wanted
from keepwell.outcomes.queries import plans, templates, value
from keepwell.outcomes.queries.plans import PlanView
from keepwell.outcomes.value_document import ValueInputDoc, ValueModelDoc
from keepwell.simulate.span import DAY_SECONDS
from keepwell.simulate.world import World

AGE_DAYS = 120
AGREED_AFTER = timedelta(days=10)
REFRESHED_AFTER = (timedelta(days=45), timedelta(days=95))
READ_AFTER = tuple(timedelta(days=days) for days in (30, 60, 90, 115))
REVIEWED_AFTER, NEXT_REVIEW = timedelta(days=91), timedelta(days=9)
EVERY, MOST = 7, 30
# Of so many plans, respectively steps, one is left: never agreed, never gone through again, never done, never reviewed.
DRAFTS, STALE, LEFT, DISAGREEING, UNREVIEWED = 9, 4, 5, 3, 3
FOR_NEWCOMERS = "first-value"
MORNING = time(9)
VIEWS = (
    "We succeed when month-end closes two days earlier and nobody works the weekend before it.",
    "Success is that my people open it first in the morning, without being told.",
)


def live(book: World, *, by: Scope) -> int:
    """Begin plans from the templates in force and live with them until the book's last evening. Gives how many.

    Some dozens of queries a plan. Where no template is in force there are no plans.
    """
    offered = [one for one in templates.everything() if one.slug != FOR_NEWCOMERS]
    if not offered:
        return 0
    today = book.span.moment(book.span.days * DAY_SECONDS - 1)
    begun = today - timedelta(days=AGE_DAYS)
    chosen = list(islice(_customers(book), MOST))
    for turn, key in enumerate(chosen):
        slug = offered[turn % len(offered)].slug
        beginning.from_template(account=key, slug=slug, by=by, at=begun)
        if turn % DRAFTS != DRAFTS - 1:
            _follow(key, turn, begun, today, by)
    return len(chosen)


def _customers(book: World) -> Iterator[str]:
    """Every seventh of those who were customers before the plans begin and still are."""
    settled = book.span.days - AGE_DAYS - 30
    known = zip(book.customers, book.ends, strict=True)
    return islice((one.key for one, end in known if one.start < settled and end is None), 0, None, EVERY)


def _follow(key: str, turn: int, begun: datetime, today: datetime, by: Scope) -> None:
    view = plans.find(account=key, seen_by=by, day=begun.date())
    theirs = list(dict.fromkeys(one.doc.theirs for one in view.steps if one.doc.theirs))
    if not theirs:
        return
    agreed = begun + AGREED_AFTER
    versions.agree(account=key, who=theirs[0], on=agreed.date(), how="In the kick-off call", by=by, at=agreed)
    if turn % DISAGREEING == 0:
        _disagree(key, theirs, agreed, by)
    _read(view, key, begun, by)
    _finish(view, key, turn, today, by)
    if turn % STALE:
        for after in REFRESHED_AFTER:
            at = begun + after
            versions.refresh(
                account=key, on=at.date(), note="Gone through in the monthly call.", by=by, at=at
            )
    if turn % UNREVIEWED != UNREVIEWED - 1:
        _review(view, key, theirs, begun + REVIEWED_AFTER, today, by)
        _value(view, key, theirs[0], begun + REFRESHED_AFTER[0], today, by)
    _reach(key, today, by)


def _disagree(key: str, theirs: list[str], at: datetime, by: Scope) -> None:
    for person, text in zip(theirs, VIEWS, strict=False):
        opinions.note(account=key, person=person, text=text, said_on=at.date(), by=by, at=at)


def _read(view: PlanView, key: str, begun: datetime, by: Scope) -> None:
    """What no metric shows is read by hand, on its way to the target."""
    for indicator in (i.doc for one in view.objectives for i in one.indicators if not i.doc.metric):
        goal, start = indicator.target, indicator.baseline or 0.0
        if goal is None:
            continue
        for number, after in enumerate(READ_AFTER, start=1):
            at = begun + after
            value = round(start + (goal - start) * number / (len(READ_AFTER) + 1), 1)
            progress.read(
                account=key, indicator=indicator.slug, value=value, on=at.date(), by=by, at=at,
                evidence="Told in the monthly call",
            )  # fmt: skip


def _finish(view: PlanView, key: str, turn: int, today: datetime, by: Scope) -> None:
    """Steps whose day has come are done on it, but for every fifth."""
    for place, step in enumerate(view.steps):
        if (
            step.doc.due_date is None
            or step.doc.due_date >= today.date()
            or (turn + place) % LEFT == LEFT - 1
        ):
            continue
        at = datetime.combine(step.doc.due_date, MORNING, start_of(step.doc.due_date).tzinfo)
        progress.finish(account=key, step=step.doc.slug, on=step.doc.due_date, by=by, at=at)


def _review(view: PlanView, key: str, theirs: list[str], at: datetime, today: datetime, by: Scope) -> None:
    """One was held a quarter after the plan began; the next one comes soon."""
    starts = datetime.combine(at.date(), MORNING, at.tzinfo)
    ours = next((one.doc.ours for one in view.steps if one.doc.ours), "")
    asked = Wanted(
        starts_at=starts, theirs=theirs, owner=ours, agenda="Outcomes against plan; use; what comes next."
    )
    number = reviews.schedule(account=key, wanted=asked, by=by, at=starts - timedelta(days=14))
    coming = datetime.combine((today + NEXT_REVIEW).date(), MORNING, at.tzinfo)
    held = Held(
        theirs=theirs[:2],
        note="They see the use rise and ask for a figure that their finance can check.",
        decisions=("The second team starts next month.",),
        todos=(Todo("Send the figures by team", starts.date() + timedelta(days=7), theirs=theirs[0]),),
        scores=tuple(
            Judged(one.doc.slug, "behind" if place else "on_track")
            for place, one in enumerate(view.objectives)
        ),
        next_at=coming,
    )
    holdings.hold(review_id=number, held=held, by=by, at=starts + timedelta(hours=2))


def _value(view: PlanView, key: str, sponsor: str, agreed: datetime, today: datetime, by: Scope) -> None:
    """What the first outcome is worth, counted for the last whole quarter and confirmed by their sponsor."""
    told: dict[str, Any] = {
        "agreed_by": sponsor,
        "agreed_on": agreed.date(),
        "evidence": "Agreed in the monthly call",
    }
    model = ValueModelDoc(
        title="Time saved by those who use it",
        kind="time_saved",
        objective=view.objectives[0].doc.slug,
        basis="Before, each of them did the same by hand.",
        inputs=(
            ValueInputDoc(title="People who use it", source="metric", metric="active_people"),
            ValueInputDoc(
                title="Hours saved a person and week", unit="hours", low=0.5, likely=0.8, high=1.0, **told
            ),
            ValueInputDoc(title="Weeks of a quarter", source="fixed", likely=13),
            ValueInputDoc(title="An hour of theirs", currency="EUR", low=40, likely=48, high=55, **told),
        ),
    )
    value_models.save(account=key, doc=model, by=by, at=agreed)
    value_statements.count(account=key, quarter=quarters.of(today.date()).before, by=by, at=today)
    for stated in value.find(account=key, seen_by=by, day=today.date()).models[0].statements:
        if stated.range is not None:
            value_statements.confirm(
                account=key, statement=stated.id, who=sponsor, on=today.date(), by=by, at=today,
                words="That is what our own count says, give or take.",
            )  # fmt: skip


def _reach(key: str, today: datetime, by: Scope) -> None:
    """Outcomes whose indicators all reached their targets are marked as reached."""
    for one in plans.find(account=key, seen_by=by, day=today.date()).objectives:
        if one.indicators and all(each.verdict.status == "reached" for each in one.indicators):
            progress.reach(
                account=key,
                objective=one.doc.slug,
                on=today.date(),
                evidence="All its indicators are there",
                by=by,
                at=today,
            )
