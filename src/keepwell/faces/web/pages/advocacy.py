"""What the pages of advocacy say: whom one may ask, who was asked, what came of it, customers that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option, Tab
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.outcomes.queries.advocacy import MOST, Alike, AskView, Suggestion

KINDS = {
    "reference": speech.later("Reference call"),
    "case_study": speech.later("Case study"),
    "review": speech.later("Review"),
    "speaking": speech.later("Speaking"),
    "referral": speech.later("Referral"),
    "logo": speech.later("Logo"),
}
ANSWERS = {
    "": speech.later("Waits for an answer"),
    "yes": speech.later("Yes"),
    "later": speech.later("Later"),
    "no": speech.later("No"),
    "never": speech.later("Never ask again"),
}
TONES = {"yes": "good", "never": "bad"}
REASONS = {
    "green": speech.later("healthy"),
    "promoter": speech.later("promoter"),
    "champion": speech.later("champion"),
    "outcome": speech.later("reached an outcome of the plan"),
    "rested": speech.later("not asked in a year"),
    "spoke": speech.later("spoke for us before"),
    "renews": speech.later("renews soon"),
}
BARS = {
    "never": speech.later("does not want to be asked"),
    "rests": speech.later("the account was asked not long ago"),
    "later": speech.later("wants to be asked later"),
    "waits": speech.later("has not answered yet"),
    "incident": speech.later("an incident is open"),
}
ALIKE = {
    "industry": speech.later("same industry"),
    "tier": speech.later("same tier"),
    "size": speech.later("similar size"),
    "product": speech.later("same product"),
}


@dataclass(frozen=True)
class SuggestionRow:
    """Somebody whom one may ask, or may not ask now."""

    person: str
    account: str
    href: str
    about: str
    why: str
    against: str
    asked: DayMark | None
    arr: str
    ask: str


@dataclass(frozen=True)
class AskRow:
    """An ask, and what is to be noted next."""

    id: int
    kind: str
    person: str
    account: str
    href: str
    about: str
    asked: DayMark | None
    by: str
    answer: str
    tone: str
    more: str
    outcome: str
    link: str
    waits_for: str


@dataclass(frozen=True)
class AlikeRow:
    """A customer that is like the one that was asked for."""

    account: str
    href: str
    alike: str
    stories: tuple[tuple[str, str], ...]
    people: str
    arr: str


@dataclass(frozen=True)
class AdvocacyPage:
    """One of the three lists of advocacy."""

    state: str
    tab: str
    tabs: tuple[Tab, ...]
    whose: tuple[Option, ...]
    of: str
    suggestions: tuple[SuggestionRow, ...]
    asks: tuple[AskRow, ...]
    alike: tuple[AlikeRow, ...]
    like: str
    csv: str
    rest: str
    today: str
    may_work: bool


@dataclass(frozen=True)
class AskForm:
    """The form of an ask."""

    account: str
    name: str
    back: str
    people: tuple[Option, ...]
    kinds: tuple[Option, ...]
    for_whom: str
    note: str
    on: str
    anyway: bool
    refused: str


def address(tab: str, of: str, **more: str) -> str:
    """One of the lists."""
    told = {"tab": tab, "of": of, **more}
    return f"{reverse('advocacy')}?{urlencode({key: value for key, value in told.items() if value})}"


def page(
    *,
    tab: str,
    of: Whose,
    whose: Sequence[tuple[str, str]],
    suggestions: Sequence[Suggestion],
    asks: Sequence[AskView],
    alike: Sequence[Alike],
    like: str,
    rest_days: int,
    today: date,
    may_work: bool,
) -> AdvocacyPage:
    """The page."""
    titles = {
        "suggestions": speech.told("Whom to ask"),
        "asks": speech.told("Who was asked"),
        "alike": speech.told("Similar customers"),
    }
    return AdvocacyPage(
        state=_state(of, suggestions) if tab == "suggestions" else "",
        tab=tab,
        tabs=tuple(Tab(title, address(slug, of.slug), slug == tab) for slug, title in titles.items()),
        whose=tuple(Option(slug, title, slug == of.slug) for slug, title in whose),
        of=of.slug,
        suggestions=tuple(suggestion(one, today=today) for one in suggestions),
        asks=tuple(ask(one, today=today) for one in asks),
        alike=tuple(_alike(one) for one in alike),
        like=like,
        csv=f"{reverse('advocacy-csv')}?{urlencode({'of': of.slug})}",
        rest=speech.told("An account that was asked rests for %(days)s.", days=words.count(rest_days, "day")),
        today=today.isoformat(),
        may_work=may_work,
    )


def _state(of: Whose, suggestions: Sequence[Suggestion]) -> str:
    may = sum(1 for one in suggestions if not one.bars)
    said = speech.told(
        "%(who)s: %(may)s may be asked now.", who=of.title, may=words.count(may, "person", "people")
    )
    more = speech.told("There are more: choose a smaller book.") if len(suggestions) >= MOST else ""
    return f"{said} {more}".strip()


def suggestion(one: Suggestion, *, today: date) -> SuggestionRow:
    """A suggestion with its reasons."""
    told = [speech.said(REASONS[reason]) for reason in one.reasons if reason != "renews"]
    if one.nps is not None:
        told.append(f"NPS {words.plain(one.nps)}")
    against = [speech.said(BARS[bar]) for bar in one.bars]
    against += [speech.said(REASONS["renews"])] if "renews" in one.reasons else []
    asked = {"person": one.person, "back": reverse("advocacy")}
    return SuggestionRow(
        person=one.person_name,
        account=one.account_name,
        href=reverse("account-people", args=(one.account,)),
        about=" · ".join(part for part in (one.title, one.industry, words.spoken(one.tier)) if part),
        why=", ".join(told),
        against=", ".join(against),
        asked=DayMark.of(one.last_asked_on, today=today, dated=True),
        arr=words.short_money(one.arr) if one.arr else "–",
        ask=f"{reverse('advocacy-ask', args=(one.account,))}?{urlencode(asked)}",
    )


def ask(one: AskView, *, today: date) -> AskRow:
    """An ask with what became of it."""
    more = [one.answer_note]
    if one.again_on:
        more.append(speech.told("from %(day)s on", day=words.date_of(one.again_on)))
    waits = "answer" if not one.answer else "outcome" if one.answer == "yes" and not one.outcome else ""
    return AskRow(
        id=one.id,
        kind=speech.said(KINDS[one.kind]),
        person=one.person_name,
        account=one.account_name,
        href=reverse("account-people", args=(one.account,)),
        about=" · ".join(part for part in (one.for_whom, one.note) if part),
        asked=DayMark.of(one.asked_on, today=today, dated=True),
        by=one.asked_by,
        answer=speech.said(ANSWERS[one.answer]),
        tone=TONES.get(one.answer, ""),
        more=" · ".join(part for part in more if part),
        outcome=one.outcome,
        link=one.link,
        waits_for=waits,
    )


def _alike(one: Alike) -> AlikeRow:
    return AlikeRow(
        account=one.account_name,
        href=reverse("account-people", args=(one.account,)),
        alike=", ".join(speech.said(ALIKE[name]) for name in one.alike),
        stories=tuple(
            (f"{speech.said(KINDS[story.kind])}: {story.outcome}", story.link) for story in one.stories
        ),
        people=words.listed([each.person_name for each in one.suggestions[:3]]) if one.suggestions else "",
        arr=words.short_money(one.arr) if one.arr else "–",
    )


def form(
    account: str,
    name: str,
    people: Sequence[tuple[str, str]],
    typed: dict[str, str],
    *,
    back: str,
    today: date,
    refused: str = "",
) -> AskForm:
    """The form with what is typed in it."""
    return AskForm(
        account,
        name,
        back,
        tuple(Option(key, called, key == typed.get("person", "")) for key, called in people),
        tuple(
            Option(slug, speech.said(title), slug == typed.get("kind", "")) for slug, title in KINDS.items()
        ),
        typed.get("for_whom", ""),
        typed.get("note", ""),
        typed.get("on") or today.isoformat(),
        bool(typed.get("anyway")),
        refused,
    )
