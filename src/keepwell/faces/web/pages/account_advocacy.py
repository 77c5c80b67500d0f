"""What the Advocacy tab of an account says: who was asked, what came of it, whom one may ask next and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.web.pages import advocate_rows as rows
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.advocate_rows import AskRow, SuggestionRow
from keepwell.kernel import speech
from keepwell.outcomes.queries.advocacy import AskView
from keepwell.outcomes.queries.advocates import Suggestion


@dataclass(frozen=True)
class AdvocacyTab:
    """The tab, today or turned back to a past day."""

    head: AccountHead
    state: str
    asks: tuple[AskRow, ...]
    suggestions: tuple[SuggestionRow, ...]
    rests: str
    judged: str
    ask: str
    people: str
    csv: str
    here: str
    today: str
    may_work: bool


def tab(
    head: AccountHead,
    asks: Sequence[AskView],
    suggestions: Sequence[Suggestion],
    *,
    rest_days: int,
    csv: str,
    day: date,
    may_work: bool,
) -> AdvocacyTab:
    """The tab as of a day."""
    here = reverse("account-advocacy", args=(head.key,))
    return AdvocacyTab(
        head=head,
        state=_state(asks),
        asks=tuple(rows.ask(one, today=day) for one in asks),
        suggestions=tuple(rows.suggestion(one, today=day, back=here) for one in suggestions),
        rests=_rests(asks, rest_days, day),
        judged=rows.judged_said([one.judged for one in suggestions][:1]),
        ask=f"{reverse('advocacy-ask', args=(head.key,))}?{urlencode({'back': here})}",
        people=head.people_href,
        csv=csv,
        here=here,
        today=day.isoformat(),
        may_work=may_work,
    )


def _state(asks: Sequence[AskView]) -> str:
    if not asks:
        return ""
    waits, came = sum(not one.answer for one in asks), sum(bool(one.outcome) for one in asks)
    return speech.told(
        "%(asks)s, something came of %(came)s, %(open)s without an answer.",
        asks=words.count(len(asks), "ask"), came=words.whole(came), open=words.whole(waits),
    )  # fmt: skip


def _rests(asks: Sequence[AskView], rest_days: int, day: date) -> str:
    until = max((one.asked_on for one in asks), default=date.min) + timedelta(days=rest_days)
    if not asks or until <= day:
        return speech.told("The account may be asked.")
    return speech.told("The account rests until %(day)s.", day=words.date_of(until))
