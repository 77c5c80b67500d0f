"""Rows of the pages of advocacy: whom one may ask, who was asked and what came of it; the form of an ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option
from keepwell.kernel import speech
from keepwell.outcomes.queries.advocacy import AskView
from keepwell.outcomes.queries.advocates import Judged, Suggestion

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
    "value": speech.later("confirmed value"),
    "rested": speech.later("not asked in a year"),
    "spoke": speech.later("spoke for us before"),
    "renews": speech.later("renews soon"),
}
BARS = {
    "health": speech.later("the account is not healthy, or nobody knows"),
    "never": speech.later("does not want to be asked"),
    "rests": speech.later("the account was asked not long ago"),
    "later": speech.later("wants to be asked later"),
    "waits": speech.later("has not answered yet"),
    "incident": speech.later("an incident is open"),
    "gave": speech.later("did just this within the year"),
}
PROOFS = {
    "": speech.later("not proven yet"),
    "proven": speech.later("proven"),
    "weak": speech.later("proven weakly"),
    "chance": speech.later("a proof found it no better than chance"),
    "too_little": speech.later("too few customers left to prove it"),
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


def suggestion(one: Suggestion, *, today: date, back: str, kind: str = "") -> SuggestionRow:
    """A suggestion with its reasons."""
    told = [_reason(one, reason) for reason in one.reasons if reason != "renews"]
    if one.nps is not None:
        told.append(f"NPS {words.plain(one.nps)}")
    against = [speech.said(BARS[bar]) for bar in one.bars]
    against += [speech.said(REASONS["renews"])] if "renews" in one.reasons else []
    asked = {"person": one.person, **({"kind": kind} if kind else {}), "back": back}
    return SuggestionRow(
        person=one.person_name,
        account=one.account_name,
        href=reverse("account-advocacy", args=(one.account,)),
        about=" · ".join(part for part in (one.title, one.industry, words.spoken(one.tier)) if part),
        why=", ".join(told),
        against=", ".join(against),
        asked=DayMark.of(one.last_asked_on, today=today, dated=True),
        arr=words.short_money(one.arr) if one.arr else "–",
        ask=""
        if "never" in one.bars
        else f"{reverse('advocacy-ask', args=(one.account,))}?{urlencode(asked)}",
    )


def _reason(one: Suggestion, reason: str) -> str:
    if reason == "value" and one.value is not None:
        return speech.told("confirmed value of %(sum)s", sum=words.short_money(one.value))
    return speech.said(REASONS[reason])


def judged_said(found: Sequence[Judged]) -> str:
    """On which cards it rests that accounts are healthy, and whether those are proven."""
    cards = dict.fromkeys(
        (one.card, one.version, one.proof) for one in found if one.card and one.proof != "hand"
    )
    told = [
        speech.told(
            "%(card)s, version %(number)s: %(proof)s",
            card=card, number=version, proof=speech.said(PROOFS.get(proof, PROOFS[""])),
        )
        for card, version, proof in cards
    ]  # fmt: skip
    return speech.told("Healthy is said by %(cards)s.", cards="; ".join(told)) if told else ""


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
        href=reverse("account-advocacy", args=(one.account,)),
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
