"""What the page of advocacy says: whom one may ask, who was asked, customers that are alike; searched, filtered, in parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option, Tab
from keepwell.faces.web.pages import advocate_rows as rows
from keepwell.faces.web.pages.advocate_rows import KINDS, AskRow, SuggestionRow
from keepwell.health.queries.portfolio import Whose
from keepwell.kernel import speech
from keepwell.outcomes.queries.advocacy import STATES, AskView
from keepwell.outcomes.queries.advocates import Suggestion
from keepwell.outcomes.queries.alike import Alike

Asked = Mapping[str, str]
ALIKE = {
    "industry": speech.later("same industry"),
    "tier": speech.later("same tier"),
    "size": speech.later("similar size"),
    "product": speech.later("same product"),
}


STATE_TITLES = {
    "open": speech.later("Waits for an answer"),
    "yes": speech.later("Yes"),
    "came": speech.later("Something came of it"),
    "later": speech.later("Later"),
    "no": speech.later("No"),
    "never": speech.later("Never ask again"),
}


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
    """One of the three lists of advocacy, a part of it."""

    state: str
    tab: str
    tabs: tuple[Tab, ...]
    whose: tuple[Option, ...]
    kinds: tuple[Option, ...]
    states: tuple[Option, ...]
    of: str
    search: str
    suggestions: tuple[SuggestionRow, ...]
    asks: tuple[AskRow, ...]
    alike: tuple[AlikeRow, ...]
    like: str
    csv: str
    said: str
    before: str
    after: str
    here: str
    today: str
    may_work: bool
    is_narrowed: bool


def address(asked: Asked, **other: str) -> str:
    """One of the lists."""
    told = {key: value for key, value in {**asked, **other}.items() if value}
    return reverse("advocacy") + (f"?{urlencode(told)}" if told else "")


def page(
    *,
    asked: Asked,
    of: Whose,
    whose: Sequence[tuple[str, str]],
    suggestions: Sequence[Suggestion],
    asks: Sequence[AskView],
    tally: Mapping[str, int],
    alike: Sequence[Alike],
    offset: int,
    limit: int,
    rest_days: int,
    today: date,
    may_work: bool,
) -> AdvocacyPage:
    """The page: of suggestions all are given, of asks one more than are shown."""
    tab = asked["tab"]
    asked = {**asked, "of": of.slug}
    here = address(asked, offset=str(offset) if offset else "")
    shown = suggestions[offset : offset + limit]
    count = min(limit, len(asks)) or len(shown)
    is_more = len(asks) > limit or len(suggestions) > offset + limit
    kept = urlencode({key: asked[key] for key in ("of", "kind", "state", "q") if asked.get(key)})
    file = "advocacy-csv" if tab == "asks" else "advocacy-people-csv"
    return AdvocacyPage(
        state=" ".join(filter(None, (_state(of, suggestions, shown, tab), _rest(rest_days)))),
        tab=tab,
        tabs=tuple(_tabs(asked)),
        whose=tuple(Option(slug, title, slug == of.slug) for slug, title in whose),
        kinds=_options(KINDS, asked.get("kind", ""), speech.told("Any kind of ask")),
        states=_states(asked.get("state", ""), tally),
        of=of.slug,
        search=asked.get("q", ""),
        suggestions=tuple(
            rows.suggestion(one, today=today, back=here, kind=asked.get("kind", "")) for one in shown
        ),
        asks=tuple(rows.ask(one, today=today) for one in asks[:limit]),
        alike=tuple(_alike(one) for one in alike),
        like=asked.get("like", ""),
        csv=f"{reverse(file)}?{kept}" if tab != "alike" else "",
        said=_where(offset, count, len(suggestions)) if offset or is_more else "",
        before=address(asked, offset=str(max(0, offset - limit))) if offset else "",
        after=address(asked, offset=str(offset + limit)) if is_more else "",
        here=here,
        today=today.isoformat(),
        may_work=may_work,
        is_narrowed=any(asked.get(key) for key in ("kind", "state", "q")),
    )


def _tabs(asked: Asked) -> list[Tab]:
    titles = {
        "suggestions": speech.told("Whom to ask"),
        "asks": speech.told("Who was asked"),
        "alike": speech.told("Similar customers"),
    }
    kept = {"of": asked["of"]}
    return [Tab(title, address(kept, tab=slug), slug == asked["tab"]) for slug, title in titles.items()]


def _options(titles: Mapping[str, str], chosen: str, none: str) -> tuple[Option, ...]:
    told = {slug: speech.said(title) for slug, title in titles.items()}
    return tuple(Option(slug, title, slug == chosen) for slug, title in {"": none, **told}.items())


def _states(chosen: str, tally: Mapping[str, int]) -> tuple[Option, ...]:
    counted = {
        slug: f"{speech.said(STATE_TITLES[slug])} ({words.whole(tally.get(slug, 0))})"
        for slug in sorted(STATES, key=list(STATE_TITLES).index)
    }
    return _options(counted, chosen, speech.told("Any answer"))


def _rest(rest_days: int) -> str:
    return speech.told("An account that was asked rests for %(days)s.", days=words.count(rest_days, "day"))


def _state(of: Whose, found: Sequence[Suggestion], shown: Sequence[Suggestion], tab: str) -> str:
    if tab != "suggestions":
        return ""
    may = sum(1 for one in found if not one.bars)
    said = speech.told(
        "%(who)s: %(may)s may be asked now.", who=of.title, may=words.count(may, "person", "people")
    )
    return f"{said} {rows.judged_said([one.judged for one in shown])}".strip()


def _where(offset: int, count: int, whole: int) -> str:
    told = {"first": words.whole(offset + 1), "last": words.whole(offset + count)}
    if not whole:
        return speech.told("%(first)s to %(last)s", **told)
    return speech.told("%(first)s to %(last)s of %(count)s", count=words.whole(whole), **told)


def _alike(one: Alike) -> AlikeRow:
    return AlikeRow(
        account=one.account_name,
        href=reverse("account-advocacy", args=(one.account,)),
        alike=", ".join(speech.said(ALIKE[name]) for name in one.alike),
        stories=tuple(
            (f"{speech.said(KINDS[story.kind])}: {story.outcome}", story.link) for story in one.stories
        ),
        people=words.listed([each.person_name for each in one.suggestions[:3]]) if one.suggestions else "",
        arr=words.short_money(one.arr) if one.arr else "–",
    )
