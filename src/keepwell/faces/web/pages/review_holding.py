"""What the form says in which it is noted how a business review went."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.ledger.queries.people import StakeholderView
from keepwell.outcomes.queries.plans import STATUSES, PlanView
from keepwell.outcomes.queries.reviews import ReviewView
from keepwell.outcomes.review_words import EVERY_DAYS, SCORES

TODOS = 4
DUE_DAYS = 14


@dataclass(frozen=True)
class TodoField:
    """A line for an action item, as typed."""

    number: int
    title: str
    due: str
    who: tuple[Option, ...]
    is_hidden: bool


@dataclass(frozen=True)
class ScoreField:
    """An outcome of the plan, where it stands by its figures, and how it is scored."""

    slug: str
    title: str
    measured: str
    stands: tuple[Option, ...]
    words: str
    is_hidden: bool


@dataclass(frozen=True)
class HoldReviewPage:
    """The form, as typed."""

    id: int
    key: str
    name: str
    title: str
    when: str
    back: str
    theirs: tuple[tuple[str, str, str, bool], ...]
    ours: tuple[tuple[str, str, bool], ...]
    scores: tuple[ScoreField, ...]
    todos: tuple[TodoField, ...]
    typed: Mapping[str, str]
    internal_decisions: str
    has_plan: bool
    plans_next: bool
    next_day: str
    next_clock: str
    refused: str


def usual(view: ReviewView, *, today: date) -> dict[str, str]:
    """What stands in the form before anything is typed."""
    then = words.local_day(view.row.starts_at) + timedelta(days=EVERY_DAYS[view.row.kind])
    while then.isoweekday() > 5:
        then += timedelta(days=1)
    return {
        "minutes": str(view.row.minutes),
        "next": "1",
        "next-day": max(then, today + timedelta(days=1)).isoformat(),
        "next-clock": words.clock_24(view.row.starts_at),
    }


def page(
    view: ReviewView,
    *,
    plan: PlanView | None,
    people: Sequence[StakeholderView],
    colleagues: Sequence[tuple[str, str]],
    typed: Mapping[str, str],
    came: Collection[str],
    today: date,
    refused: str = "",
) -> HoldReviewPage:
    """The form: who came, the plan, what was decided, who does what, the next one."""
    row = view.row
    invited = {guest.key for guest in view.guests}
    known = [one for one in people if one.status != "left" or one.key in invited]
    ordered = sorted(known, key=lambda one: one.key not in invited)
    ours = sorted(colleagues, key=lambda pair: pair[0] not in invited)
    who = [("", speech.told("Nobody yet"))]
    who += [(f"ours:{email}", name) for email, name in colleagues]
    who += [(f"theirs:{one.key}", speech.told("%(name)s (theirs)", name=one.name)) for one in known]
    return HoldReviewPage(
        id=row.id,
        key=row.account_key,
        name=row.account_name,
        title=row.title,
        when=words.moment(row.starts_at, today=today),
        back=reverse("account-review-one", args=(row.account_key, row.id)),
        theirs=tuple(
            (one.key, one.name, ", ".join(words.spoken(role) for role in one.roles), one.key in came)
            for one in ordered
        ),
        ours=tuple((email, name, email in came) for email, name in ours if email in invited or email in came),
        scores=tuple(
            _score(one.doc.slug, one.doc.title, one.verdict.status, typed)
            for one in (() if plan is None else plan.objectives)
        ),
        todos=tuple(_todo(number, typed, who, today) for number in range(1, TODOS + 1)),
        typed=typed,
        internal_decisions=typed.get("internal-decisions", ""),
        has_plan=plan is not None and bool(plan.objectives),
        plans_next=typed.get("next", "") == "1",
        next_day=typed.get("next-day", ""),
        next_clock=typed.get("next-clock", ""),
        refused=refused,
    )  # fmt: skip


def _score(slug: str, title: str, status: str, typed: Mapping[str, str]) -> ScoreField:
    chosen = typed.get(f"score-{slug}", "")
    options = (
        ("", speech.told("Not spoken of")),
        *((one, speech.said(said)) for one, said in SCORES.items()),
    )
    return ScoreField(
        slug,
        title,
        speech.said(STATUSES[status]),
        tuple(Option(one, said, one == chosen) for one, said in options),
        typed.get(f"words-{slug}", ""),
        typed.get(f"hide-score-{slug}", "") == "1",
    )


def _todo(
    number: int, typed: Mapping[str, str], who: Sequence[tuple[str, str]], today: date
) -> TodoField:  # fmt: skip
    chosen = typed.get(f"who-{number}", "")
    return TodoField(
        number,
        typed.get(f"todo-{number}", ""),
        typed.get(f"due-{number}", (today + timedelta(days=DUE_DAYS)).isoformat()),
        tuple(Option(value, said, value == chosen) for value, said in who),
        typed.get(f"hide-todo-{number}", "") == "1",
    )
