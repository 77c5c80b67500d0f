"""What the Health tab of an account says: the score, its parts, overrides and check-ins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.bands import band
from keepwell.faces.components.marks import Option
from keepwell.faces.web.as_of import AsOf
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.parts import PartRow, sentence
from keepwell.health.actions.overrides import MOST_DAYS
from keepwell.health.queries.overrides import OverrideView
from keepwell.health.queries.scores import PartView, ScorePoint, ScoreView
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of
from keepwell.ledger.queries.sentiments import SentimentView

TREND_WEEKS = 13
FEELINGS = (
    (1, speech.later("we are losing them")),
    (2, speech.later("at odds")),
    (3, speech.later("neither good nor bad")),
    (4, speech.later("going well")),
    (5, speech.later("would recommend us")),
)


@dataclass(frozen=True)
class CheckIn:
    """How the account feels to those who look after it: what was said last, and the choices."""

    href: str
    last: tuple[tuple[str, str, str], ...]
    choices: tuple[tuple[int, str], ...] = FEELINGS


BANDS = tuple(Option(slug, band(slug).word) for slug in ("red", "yellow", "green"))


@dataclass(frozen=True)
class Overriding:
    """Where somebody says that the account stands, and what its score says; or the form to say so."""

    said: str
    reason: str
    score: str
    href: str
    end_href: str
    first_day: str
    last_day: str
    typed: Mapping[str, str]
    past: tuple[str, ...]
    bands: tuple[Option, ...] = BANDS
    refused: str = ""


@dataclass(frozen=True)
class HealthTab:
    """Health now and over time."""

    head: AccountHead
    card: str
    computed: str
    known: str
    parts: tuple[PartRow, ...]
    chart: str
    csv: str
    smalls: str
    is_scored: bool
    peers: str
    phase: str
    movement: str
    override: Overriding | None
    check_in: CheckIn


def health(
    head: AccountHead,
    *,
    score: ScoreView | None,
    points: tuple[ScorePoint, ...],
    as_of: AsOf,
    ages: Mapping[str, date] = MappingProxyType({}),
    overrides: Sequence[OverrideView] = (),
    sentiments: Sequence[SentimentView] = (),
) -> HealthTab:
    """Parts with their trends, and where the charts stand."""
    trends, today = trends_of(points), as_of.day
    return HealthTab(
        head=head,
        card=speech.told("%(title)s, version %(version)s", title=score.title, version=score.version)
        if score
        else "",
        computed=words.moment(score.computed_at, today=today) if score and score.computed_at else "",
        known=_known(head),
        parts=tuple(_part(part, trends.get(part.label, ()), ages, score, today) for part in score.parts)
        if score
        else (),
        chart=as_of.of("account-chart", head.key, "score"),
        csv=as_of.of("account-health-csv", head.key),
        smalls=as_of.of("account-chart", head.key, "parts"),
        is_scored=score is not None,
        peers="" if as_of.is_past else reverse("account-peers", args=(head.key,)),
        phase="" if as_of.is_past else reverse("account-phase", args=(head.key,)),
        movement=as_of.of("account-movement", head.key),
        override=_overriding(head, score, overrides, today) if score else None,
        check_in=CheckIn(
            reverse("account-check-in", args=(head.key,)),
            tuple(felt(one, today) for one in sentiments),
        ),
    )


def felt(one: SentimentView, today: date) -> tuple[str, str, str]:
    """A check-in: "4 of 5, going well", what was written, who and when."""
    by = f"{one.given_by}, " if one.given_by else ""
    feeling = dict(FEELINGS).get(one.score, "")
    return (
        speech.told("%(score)s of 5, %(feeling)s", score=one.score, feeling=feeling),
        one.words,
        f"{by}{words.day(day_of(one.given_at), today=today)}",
    )


def _overriding(
    head: AccountHead, score: ScoreView, overrides: Sequence[OverrideView], today: date
) -> Overriding:
    holding = score.override
    said = _override_words(holding, today) if holding else ""
    return Overriding(
        said=said,
        reason=holding.reason if holding else "",
        score=f"{words.points(score.points)}, {band(score.band).word}",
        href=reverse("account-override", args=(head.key,)),
        end_href=reverse("account-override-end", args=(head.key,)),
        first_day=today.isoformat(),
        last_day=(today + timedelta(days=MOST_DAYS)).isoformat(),
        typed={"expires_on": (today + timedelta(days=30)).isoformat()},
        past=tuple(_past_words(one, today) for one in overrides if one.ended_at is not None),
    )


def _override_words(one: OverrideView, today: date) -> str:
    points = f"{words.points(one.points)}, " if one.points is not None else ""
    until = words.day(one.expires_on, today=today)
    return speech.told(
        "%(points)s%(word)s, says %(by)s until %(until)s",
        points=points,
        word=band(one.band).word,
        by=one.by,
        until=until,
    )


def _past_words(one: OverrideView, today: date) -> str:
    assert one.ended_at is not None
    ended = words.day(day_of(one.ended_at), today=today)
    made = words.day(day_of(one.made_at), today=today)
    why = speech.told("; ended: %(end_reason)s", end_reason=one.end_reason) if one.end_reason else ""
    return speech.told(
        "%(made)s to %(ended)s: %(word)s, said %(by)s: %(reason)s%(why)s",
        made=made,
        ended=ended,
        word=band(one.band).word,
        by=one.by,
        reason=one.reason,
        why=why,
    )


def _known(head: AccountHead) -> str:
    if not head.score.is_partial:
        return speech.told("Every part is known.")
    return speech.told(
        "%(known)s %% of the weight is known; with the rest it could be %(reach)s.",
        known=head.score.known,
        reach=head.score.reach,
    )


def _part(
    part: PartView,
    trend: tuple[float | None, ...],
    ages: Mapping[str, date],
    score: ScoreView,
    today: date,
) -> PartRow:
    last = ages.get(part.metric)
    return PartRow(
        label=part.label,
        metric=part.metric,
        value=words.number(part.value, part.unit),
        threshold=part.threshold_words,
        weight=words.number(part.weight),
        points=words.points(part.points),
        band=part.band,
        reason=sentence(part.reason),
        definition=part.definition,
        trend=trend,
        age=words.away(last, today=today) if last else "",
        href=reverse("measure", args=(part.metric,)) if part.metric else "",
        facts=(
            (speech.told("As of"), words.day(score.as_of, today=today, dated=True)),
            (
                speech.told("Judged by"),
                speech.told("%(title)s, version %(version)s", title=score.title, version=score.version),
            ),
            (
                speech.told("Last fact"),
                words.day(last, today=today, dated=True) if last else speech.told("not known"),
            ),
        ),
    )


def trends_of(points: tuple[ScorePoint, ...]) -> dict[str, tuple[float | None, ...]]:
    """The values of each part over the last weeks, by its label."""
    found: dict[str, list[float | None]] = {}
    last = points[-TREND_WEEKS:]
    for index, point in enumerate(last):
        for part in point.parts:
            facts: Mapping[str, Any] = part
            found.setdefault(str(facts["label"]), [None] * len(last))[index] = facts.get("value")
    return {label: tuple(values) for label, values in found.items()}


HEAD = (
    "day",
    "points",
    "band",
    "known_weight",
    "low",
    "high",
    "card",
    "measure",
    "label",
    "value",
    "unit",
    "part_points",
)


def cells(points: Sequence[ScorePoint]) -> Iterator[tuple[object, ...]]:
    """The stored days as rows of a file, a row a part."""
    for point in points:
        day = (point.as_of, point.points, point.band, point.known_weight, point.low, point.high, point.card)
        for part in point.parts:
            yield (*day, part["measure"], part["label"], part["value"], part["unit"], part["points"])
