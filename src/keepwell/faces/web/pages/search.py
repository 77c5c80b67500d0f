"""What the search says: things, pages and deeds that answer what was typed, and where each leads."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from keepwell.faces.components import words
from keepwell.faces.web.deeds import DEEDS, PAGES, Deed
from keepwell.faces.web.places import GROUPS
from keepwell.kernel import moments, speech
from keepwell.kernel.errors import Invalid
from keepwell.search.queries.search import Answer, fits

MOST_ACCOUNTS = 5
AS_OF = ("as", "of")


@dataclass(frozen=True)
class Hit:
    """An answer with where it leads; `press` is a switch of the frame instead, `fill` what to go on typing."""

    title: str
    kind: str
    href: str = ""
    hint: str = ""
    press: str = ""
    fill: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of things, as a filter."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class SearchPage:
    """The page of results."""

    text: str
    kind: str
    kinds: tuple[Kind, ...]
    hits: tuple[Hit, ...]
    state: str


ADDRESSES: dict[str, Callable[[Answer], str]] = {
    "account": lambda one: reverse("account", args=(one.key,)),
    "person": lambda one: reverse("account-people", args=(one.account_key,)),
    "task": lambda one: reverse("task", args=(one.number,)),
    "incident": lambda one: reverse("incident", args=(one.number,)),
    "article": lambda one: reverse("article", args=(one.number,)),
    "segment": lambda one: reverse("segment", args=(one.key,)),
    "playbook": lambda one: reverse("playbook", args=(one.key,)),
    "review": lambda one: reverse("account-review-one", args=(one.account_key, one.number)),
    "unplaced": lambda one: reverse("record", args=("people", one.key)),
    "ask": lambda one: reverse("account-advocacy", args=(one.account_key,)) + f"#ask-{one.number}",
    "friction": lambda one: reverse("account-journey", args=(one.account_key,)),
    "value_model": lambda one: reverse("account-value", args=(one.account_key,)),
    "measure": lambda one: reverse("measure", args=(one.key,)),
}


def address(answer: Answer) -> str:
    """The page of what was found; of a kind that has none, its account's."""
    known = ADDRESSES.get(answer.kind, ADDRESSES["account"])
    return known(answer)


def page(
    text: str, kind: str, answers: tuple[Answer, ...], *, titles: dict[str, str], may: Collection[str]
) -> SearchPage:
    """The page of results, which works without script; switches of the frame are not on it."""
    deeds = () if kind else tuple(hit for hit in deeds_for(text, may=may) if hit.href)
    hits = (*deeds, *map(hit, answers))
    here = reverse("search")
    kinds = {"": speech.told("Everything")} | titles
    return SearchPage(
        text=text,
        kind=kind,
        kinds=tuple(
            Kind(
                title, f"{here}?{urlencode({'q': text, 'kind': slug} if slug else {'q': text})}", slug == kind
            )
            for slug, title in kinds.items()
        ),
        hits=hits,
        state=_state(text, len(hits)),
    )


def palette(text: str, answers: tuple[Answer, ...], *, may: Collection[str], today: date) -> tuple[Hit, ...]:
    """What the palette lists while one types: a deed that is named first, then things, then other deeds and pages."""
    named = [*_as_of(text, today=today), *_of_account(text, answers, may=may)]
    things = [hit(one) for one in answers]
    deeds = list(deeds_for(text, may=may))
    return tuple((*named, *deeds, *things) if named else (*things[:8], *deeds, *things[8:]))


def hit(answer: Answer) -> Hit:
    """A thing that was found; what belongs to an account says to which."""
    account = answer.account_name if answer.kind != "account" else ""
    hint = " · ".join(filter(None, (account, answer.hint)))
    return Hit(answer.title, answer.one, address(answer), hint)


def first(recent: Iterable[tuple[str, str]], *, may: Collection[str]) -> tuple[Hit, ...]:
    """What the palette shows before anything is typed: accounts that were opened lately, places, deeds."""
    opened = [
        Hit(name, "account", reverse("account", args=(key,)), speech.told("opened lately"))
        for key, name in recent
    ]
    return (*opened, *(_hit(deed) for deed in _open_to(DEEDS, may)), *_places())


def deeds_for(text: str, *, may: Collection[str]) -> Iterator[Hit]:
    """Deeds, pages and places whose name fits what was typed."""
    for deed in _open_to((*DEEDS, *PAGES), may):
        if fits(text, gettext(deed.title), f"{deed.title} {deed.also}"):
            yield _hit(deed)
    yield from (place for place in _places() if fits(text, place.title, ""))


def account_part(text: str) -> str:
    """What of the text names the account, where it begins with a deed that is done for one."""
    return max((_rest(text, deed) for deed in DEEDS if deed.of_account), key=len, default="")


def _of_account(text: str, answers: tuple[Answer, ...], *, may: Collection[str]) -> Iterator[Hit]:
    """ "Log a touchpoint for Willow", once an account is named after the deed."""
    for deed in _open_to(DEEDS, may):
        rest = _rest(text, deed) if deed.of_account else ""
        if rest:
            accounts = [one for one in answers if one.kind == "account" and fits(rest, one.title, one.key)]
            for one in accounts[:MOST_ACCOUNTS]:
                yield Hit(f"{gettext(deed.title)} {one.title}", "deed", deed.address(account=one.key))


def _rest(text: str, deed: Deed) -> str:
    """What follows the deed's name; nothing when the text does not begin with at least two of its words."""
    typed, name = text.casefold().split(), gettext(deed.title).casefold().split()
    named = 0
    while named < min(len(typed), len(name)) and name[named].startswith(typed[named]):
        named += 1
    return " ".join(typed[named:]) if named >= 2 else ""


def _as_of(text: str, *, today: date) -> Iterator[Hit]:
    """ "as of 2026-03-01" opens the book of that day."""
    typed = text.casefold().removeprefix("open ").split()
    if tuple(typed[:2]) != AS_OF or len(typed) != 3:
        return
    try:
        day = moments.parse_day(typed[2])
    except Invalid:
        return
    if day <= today:
        href = f"{reverse('accounts')}?{urlencode({'as_of': day.isoformat()})}"
        yield Hit(
            speech.told("Accounts as of %(day)s", day=words.day(day, today=today, dated=True)), "page", href
        )


def _open_to(deeds: Iterable[Deed], may: Collection[str]) -> Iterator[Deed]:
    return (deed for deed in deeds if not deed.needs or deed.needs in may)


def _hit(deed: Deed) -> Hit:
    if deed.of_account:
        return Hit(f"{gettext(deed.title)} …", "deed", "", fill=f"{gettext(deed.title)} ")
    kind = "page" if deed in PAGES else "deed"
    return Hit(gettext(deed.title), kind, deed.address(), press=deed.press)


def _places() -> Iterator[Hit]:
    for group in GROUPS:
        yield from (Hit(gettext(place.title), "page", place.href) for place in group.places)


def _state(text: str, found: int) -> str:
    if not text:
        return speech.told(
            "Accounts, people, tasks, segments, measures and pages, by the beginnings of their words."
        )
    if not found:
        return speech.told("Nothing that you may see is called “%(said)s”, or nearly so.", said=text)
    return speech.told("%(answers)s to “%(said)s”.", answers=words.count(found, "answer"), said=text)
