"""What the pages of business reviews say: the list, one review, the form in which it is planned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.ledger.queries.people import StakeholderView
from keepwell.outcomes import visibility
from keepwell.outcomes.queries.review_proposals import Proposal
from keepwell.outcomes.queries.reviews import GuestView, ReviewRow, ReviewView, TodoView
from keepwell.outcomes.review_words import KINDS, SCORES, STATES

TONES = {"planned": "unknown", "invited": "good", "overdue": "warn", "held": "good", "cancelled": "unknown"}
HIDEABLE = ("place", "agenda", "guests")


@dataclass(frozen=True)
class ReviewLine:
    """A review in a list."""

    href: str
    title: str
    kind: str
    account: str
    account_href: str
    when: str
    state: str
    tone: str
    guests: str
    owner: str


@dataclass(frozen=True)
class GuestLine:
    """Somebody who is to be there, or was."""

    name: str
    email: str
    roles: str
    state: str


@dataclass(frozen=True)
class LabelButton:
    """What a line of a review is, and to what its label is switched."""

    line: str
    title: str
    is_internal: bool

    @classmethod
    def of(cls, noun: str, number: int, title: str, *, is_internal: bool) -> "LabelButton":
        """Of a line of this noun and number."""
        return cls(f"{noun}:{number}", title, is_internal)


@dataclass(frozen=True)
class TodoLine:
    """An action item."""

    label: LabelButton
    title: str
    href: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True)
class ScoreLine:
    """How an outcome stood."""

    label: LabelButton
    title: str
    stands: str
    words: str


@dataclass(frozen=True)
class OneReviewPage:
    """A whole review, with what can be done with it now."""

    id: int
    key: str
    name: str
    title: str
    state: str
    word: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    guests: tuple[GuestLine, ...]
    decisions: tuple[LabelButton, ...]
    todos: tuple[TodoLine, ...]
    scores: tuple[ScoreLine, ...]
    following: str
    untold: str
    deck: str
    is_open: bool
    is_cancelled: bool
    is_held: bool
    may_hold: bool
    may_invite: bool
    may_work: bool
    mail_waits: bool


@dataclass(frozen=True)
class PlanReviewPage:
    """The form in which a review is planned or changed, as typed."""

    key: str
    name: str
    id: int
    typed: Mapping[str, str]
    kinds: tuple[Option, ...]
    owners: tuple[Option, ...]
    theirs: tuple[tuple[str, str, str, bool], ...]
    ours: tuple[tuple[str, str, bool], ...]
    hidden: tuple[tuple[str, str, bool], ...]
    due: str
    back: str
    refused: str


def lines(rows: Sequence[ReviewRow], *, now: datetime) -> tuple[ReviewLine, ...]:
    """Reviews as they stand in a list."""
    return tuple(_line(row, now) for row in rows)


def _line(row: ReviewRow, now: datetime) -> ReviewLine:
    if row.state == "held":
        guests = speech.told("%(n)s of %(of)s came", n=row.attended, of=row.guests)
    else:
        guests = words.whole(row.guests) if row.guests else "–"
    return ReviewLine(
        href=reverse("account-review-one", args=(row.account_key, row.id)),
        title=row.title,
        kind=speech.said(KINDS[row.kind]),
        account=row.account_name,
        account_href=reverse("account", args=(row.account_key,)),
        when=words.moment(row.starts_at, today=words.local_day(now)),
        state=speech.said(STATES[row.state]),
        tone=TONES[row.state],
        guests=guests,
        owner=row.owner,
    )


def one(view: ReviewView, *, now: datetime, may_work: bool, mail: bool) -> OneReviewPage:
    """One review."""
    row, today = view.row, words.local_day(now)
    is_open = row.state in ("planned", "invited", "overdue")
    facts = [
        (speech.told("When"), words.moment(row.starts_at, today=today)),
        (speech.told("Length"), speech.told("%(n)s minutes", n=view.held_minutes or row.minutes)),
        (speech.told("Where"), view.place + _internal(view, "place")),
        (speech.told("Owner"), row.owner or speech.told("Nobody")),
        (speech.told("Agenda"), view.agenda + _internal(view, "agenda")),
        (speech.told("Preparation (internal)"), view.notes),
        (speech.told("Why it was cancelled (internal)"), view.reason),
    ]
    return OneReviewPage(
        id=row.id,
        key=row.account_key,
        name=row.account_name,
        title=row.title,
        state=_state(view, now),
        word=speech.said(STATES[row.state]),
        tone=TONES[row.state],
        facts=tuple((label, said) for label, said in facts if said),
        guests=tuple(_guest(guest, row.state) for guest in view.guests),
        decisions=tuple(
            LabelButton.of("decision", each.id, each.text, is_internal=each.is_internal)
            for each in sorted(view.decided, key=lambda each: each.is_internal)
        ),
        todos=tuple(_todo(todo, now) for todo in view.todos),
        scores=tuple(
            ScoreLine(
                LabelButton.of("score", each.id, each.title, is_internal=each.is_internal),
                each.title,
                speech.said(SCORES[each.stands]),
                each.words,
            )
            for each in view.scores
        ),
        following=reverse("account-review-one", args=(row.account_key, view.following))
        if view.following
        else "",
        untold=_untold(view) if is_open else "",
        deck=reverse("account-review", args=(row.account_key,)),
        is_open=is_open,
        is_cancelled=row.state == "cancelled",
        is_held=row.state == "held",
        may_hold=row.state == "overdue",
        may_invite=row.state in ("planned", "invited") and view.untold > 0,
        may_work=may_work,
        mail_waits=not mail,
    )


def _internal(view: ReviewView, field: str) -> str:
    hidden = bool(getattr(view, field)) and visibility.label("review", field, view.labels) == "internal"
    return " " + speech.told("(internal)") if hidden else ""


def _state(view: ReviewView, now: datetime) -> str:
    today = words.local_day(now)
    if view.noted_at is not None:
        when = words.moment(view.noted_at, today=today)
        if not view.noted_by:
            return speech.told("Noted %(when)s.", when=when)
        return speech.told("Noted by %(who)s, %(when)s.", who=view.noted_by, when=when)
    if view.row.state == "cancelled":
        return speech.told("It does not take place.")
    if view.row.state == "overdue":
        return speech.told("Its moment has passed. Say how it went, or cancel it.")
    return speech.told("It is %(away)s.", away=words.away(words.local_day(view.row.starts_at), today=today))


def _untold(view: ReviewView) -> str:
    nowhere = [guest.name for guest in view.guests if not guest.email]
    said = []
    if view.untold:
        said.append(
            speech.counted(
                view.untold, "%(n)s guest does not know of it yet.", "%(n)s guests do not know of it yet.", n=view.untold
            )
        )  # fmt: skip
    if nowhere:
        said.append(speech.told("No address is known of %(names)s.", names=words.listed(nowhere)))
    return " ".join(said)


def _guest(guest: GuestView, state: str) -> GuestLine:
    roles = ", ".join(words.spoken(role) for role in guest.roles)
    if guest.attended is not None:
        said = speech.told("came") if guest.attended else speech.told("did not come")
    elif state == "cancelled":
        said = ""
    elif guest.is_told:
        said = speech.told("invited")
    else:
        said = speech.told("does not know of the change") if guest.told_at else speech.told("not invited yet")
    return GuestLine(guest.name, guest.email, speech.told("ours") if guest.is_ours else roles, said)


def _todo(todo: TodoView, now: datetime) -> TodoLine:
    if todo.task is None:
        state = speech.told("taken away")
    elif todo.done_at is not None:
        state = speech.told("done")
    else:
        is_late = todo.due_at is not None and todo.due_at < now
        state = speech.told("overdue") if is_late else speech.told("open")
    return TodoLine(
        label=LabelButton.of("action", todo.id, todo.title, is_internal=todo.is_internal),
        title=todo.title,
        href=reverse("task", args=(todo.task,)) if todo.task else "",
        owner=todo.theirs or todo.owner or speech.told("nobody"),
        due=date_said(words.local_day(todo.due_at)) if todo.due_at else "–",
        state=state,
    )


def form(
    key: str,
    name: str,
    *,
    typed: Mapping[str, str],
    chosen: Collection[str],
    people: Sequence[StakeholderView],
    colleagues: Sequence[tuple[str, str]],
    proposal: Proposal | None,
    number: int = 0,
    refused: str = "",
) -> PlanReviewPage:
    """The form with what is typed; `chosen` are keys of their people and addresses of ours."""
    kind = typed.get("kind", "quarterly")
    here = (
        reverse("account-review-one", args=(key, number))
        if number
        else reverse("account-review", args=(key,))
    )
    declared = {field.slug: speech.said(field.title) for field in visibility.fields("review")}
    return PlanReviewPage(
        key=key,
        name=name,
        id=number,
        typed=typed,
        kinds=tuple(Option(slug, speech.said(title), slug == kind) for slug, title in KINDS.items()),
        owners=tuple(Option(email, said, email == typed.get("owner", "")) for email, said in colleagues),
        theirs=tuple(
            (one.key, one.name, _about(one), one.key in chosen) for one in people if one.status != "left"
        ),
        ours=tuple((email, said, email in chosen) for email, said in colleagues),
        hidden=tuple((slug, declared[slug], typed.get(f"hide-{slug}", "") == "1") for slug in HIDEABLE),
        due="" if proposal is None else _due(proposal),
        back=here,
        refused=refused,
    )


def _about(one: StakeholderView) -> str:
    said = [one.title or ", ".join(words.spoken(role) for role in one.roles)]
    if not one.email:
        said.append(speech.told("no address"))
    return " · ".join(part for part in said if part)


def _due(proposal: Proposal) -> str:
    if proposal.due is None:
        return speech.told(
            "No review was held yet and the cadence asks for none: a moment in two weeks is proposed."
        )
    if proposal.rule:
        return speech.told("%(rule)s: due by %(day)s.", rule=proposal.rule, day=date_said(proposal.due))
    return speech.told("A quarter after the last one it is due by %(day)s.", day=date_said(proposal.due))
