"""What the customer asked us for and what becomes of it; and what we ask of them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from keepwell.drafting import value_words
from keepwell.drafting.review.slides import NEXT
from keepwell.drafting.slides.deck import Grid, Receipt, Slide
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.queries.briefs import Brief
from keepwell.outcomes.queries.shared_gaps import SharedGap

Ask = tuple[str, str, date | None]
COUNTED = {
    "shipped": speech.later("%(n)s there"),
    "planned": speech.later("%(n)s planned"),
    "open": speech.later("%(n)s noted"),
    "declined": speech.later("%(n)s not planned"),
}
STATES = {
    "shipped": speech.later("There"),
    "planned": speech.later("Planned"),
    "open": speech.later("Noted"),
    "declined": speech.later("Not planned"),
}


def roadmap(brief: Brief) -> Slide | None:
    """What they asked for, in the words that are meant for customers."""
    if not brief.gaps:
        return None
    count = Counter(one.status for one in brief.gaps)
    states = ", ".join(speech.told(COUNTED[slug], n=count[slug]) for slug in COUNTED if count[slug])
    heads = (speech.told("What you asked for"), speech.told("First asked"), speech.told("State"))
    return Slide(
        title=speech.told("What you asked us for: %(states)s", states=states),
        blocks=(Grid(heads, tuple(_gap(one) for one in brief.gaps)),),
        receipts=(
            Receipt(speech.told("Requests of your people, and where our product stands."), _as_of(brief)),
        ),
    )


def _gap(one: SharedGap) -> tuple[str, ...]:
    state = speech.said(STATES[one.status])
    if one.status == "shipped" and one.shipped_on is not None:
        state = speech.told("There since %(day)s", day=date_said(one.shipped_on))
    return (one.words, date_said(one.asked_on), state)


def asks(brief: Brief) -> Slide | None:
    """What we need of them: what they took upon themselves, are to confirm or to agree to, and what they alone can tell."""
    found = [*_steps(brief), *_value(brief), *_unknown(brief)]
    if not found:
        return None
    late = sum(due is not None and due < brief.today for _, _, due in found)
    n = len(found)
    title = speech.counted(n, "We ask one thing of you", "We ask %(n)s things of you", n=n)
    if late:
        title = speech.counted(
            n,
            "We ask one thing of you; it is overdue",
            "We ask %(n)s things of you; %(late)s overdue",
            n=n,
            late=late,
        )
    rows = tuple((what, who or "–", date_said(due, long=True) if due else "–") for what, who, due in found)
    heads = (speech.told("What we ask of you"), speech.told("Who"), speech.told("By"))
    what = speech.told(
        "Open action items and steps of yours; value that waits for your word; outcomes without figures."
    )
    return Slide(title=title, blocks=(Grid(heads, rows),), receipts=(Receipt(what, _as_of(brief)),))


def _steps(brief: Brief) -> Iterator[Ask]:
    for action in brief.last.actions if brief.last else ():
        if action.is_theirs and action.is_told and action.done_on is None:
            yield action.title, action.owner, action.due_date
    for step in brief.plan.steps if brief.plan else ():
        if (
            step.theirs
            and step.done_on is None
            and (step.due_date is None or step.due_date <= brief.until + NEXT)
        ):
            yield step.title, step.theirs, step.due_date


def _value(brief: Brief) -> Iterator[Ask]:
    """Of each model the latest quarter alone."""
    for model in brief.value:
        last = model.statements[-1]
        if last.range is not None and not last.is_confirmed:
            what = speech.told(
                "Confirm what “%(title)s” was worth in %(quarter)s: %(span)s",
                title=model.title, quarter=value_words.quarter(last.quarter),
                span=value_words.span(last.range, last.currency, last.unit),
            )  # fmt: skip
            yield what, "", None
        for title, why in last.missing:
            if title and why == "not_agreed":
                said = {"input": title, "title": model.title}
                yield (
                    speech.told("Agree on “%(input)s”: without it “%(title)s” has no value", **said),
                    "",
                    None,
                )


def _unknown(brief: Brief) -> Iterator[Ask]:
    for one in brief.plan.objectives if brief.plan else ():
        if one.verdict.status == "unknown":
            yield (
                speech.told("Tell us where “%(title)s” stands: nobody can say yet", title=one.title),
                "",
                None,
            )


def _as_of(brief: Brief) -> str:
    return speech.told("As of %(day)s.", day=date_said(brief.today, long=True))
