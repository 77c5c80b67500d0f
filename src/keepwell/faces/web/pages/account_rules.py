"""What the page says that tells of each rule whether it fires for an account, is quiet, or cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.signals.declared import SEVERITIES
from keepwell.signals.queries.answers import ORDER, RuleAnswer

HEADS = {
    "fires": speech.later("Fires"),
    "unknown": speech.later("Cannot be told"),
    "waits": speech.later("Not watching yet"),
    "quiet": speech.later("Quiet"),
}


@dataclass(frozen=True)
class AnswerRow:
    """One rule."""

    title: str
    href: str
    severity: str
    why: str
    missing: str
    since: str
    signal: str


@dataclass(frozen=True)
class AnswerGroup:
    """Rules that answer alike."""

    slug: str
    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class AccountRulesPage:
    """All rules that watch, by what they say of the account; `awaits` is where they are asked, once the page is there."""

    name: str
    back: str
    quality: str
    awaits: str
    state: str = ""
    groups: tuple[AnswerGroup, ...] = ()


def frame(key: str, name: str, *, read: str) -> AccountRulesPage:
    """The page before the rules are asked."""
    return AccountRulesPage(
        name,
        reverse("account-incidents", args=(key,)),
        reverse("account-quality", args=(key,)),
        f"{reverse('account-rules', args=(key,))}?{read}=1",
    )


def answered(page: AccountRulesPage, told: Sequence[RuleAnswer], *, now: datetime) -> AccountRulesPage:
    """The page with what they say, and one sentence of how many say what."""
    counted = {state: sum(one.state == state for one in told) for state in ORDER}
    return replace(
        page,
        awaits="",
        state=speech.told(
            "%(fires)s fire, %(quiet)s are quiet, %(unknown)s cannot be told.",
            fires=words.whole(counted["fires"]),
            quiet=words.whole(counted["quiet"]),
            unknown=words.whole(counted["unknown"] + counted["waits"]),
        ),
        groups=tuple(
            AnswerGroup(
                state, speech.told(HEADS[state]), tuple(_row(one, now) for one in told if one.state == state)
            )
            for state in ORDER
            if counted[state]
        ),
    )


def _row(one: RuleAnswer, now: datetime) -> AnswerRow:
    return AnswerRow(
        one.title,
        reverse("rule", args=(one.rule,)),
        SEVERITIES[one.severity],
        "; ".join(one.because) if one.because else one.sentence,
        ", ".join(one.missing),
        "" if one.since is None else words.moment(one.since, today=words.local_day(now)),
        "" if one.signal is None else reverse("signal", args=(one.signal,)),
    )
