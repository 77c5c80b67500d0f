"""What the pages about one account say, tab by tab."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.bands import band
from keepwell.faces.components.marks import DayMark, Option
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.faces.web.pages.incidents import IncidentRow
from keepwell.faces.web.pages.parts import PartRow, sentence
from keepwell.faces.web.pages.tasks import TaskRow
from keepwell.health.actions.overrides import MOST_DAYS
from keepwell.health.queries.overrides import OverrideView
from keepwell.health.queries.scores import PartView, ScorePoint, ScoreView
from keepwell.kernel.cells import as_cell
from keepwell.kernel.moments import day_of, utc
from keepwell.ledger.queries.definitions import DefinitionView
from keepwell.ledger.queries.people import StakeholderView
from keepwell.ledger.queries.sentiments import SentimentView
from keepwell.ledger.queries.timeline import TimelineItem
from keepwell.ledger.queries.usage import FeatureUse

TREND_WEEKS = 13
FEELINGS = (
    (1, "we are losing them"),
    (2, "at odds"),
    (3, "neither good nor bad"),
    (4, "going well"),
    (5, "would recommend us"),
)
QUOTED = ("ticket.opened", "survey.answered", "touchpoint.held", "review.held")
SLUG = re.compile(r"[a-z]+(_[a-z]+)*")


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
    smalls: str
    is_scored: bool
    custom: tuple[tuple[str, str], ...]
    override: Overriding | None
    check_in: CheckIn


@dataclass(frozen=True)
class Feature:
    """One feature's use over the shown span."""

    name: str
    events: str
    people: str
    last: DayMark | None


@dataclass(frozen=True)
class UsageTab:
    """How the product is used."""

    head: AccountHead
    span: str
    features: tuple[Feature, ...]
    people_chart: str
    events_chart: str


@dataclass(frozen=True)
class PersonRow:
    """A person of the customer's in the table."""

    key: str
    name: str
    title: str
    role: str
    stance: str
    influence: str
    reports_to: str
    status: str
    email: str
    has_left: bool


@dataclass(frozen=True)
class PeopleTab:
    """The customer's people."""

    head: AccountHead
    people: tuple[PersonRow, ...]
    movers: tuple[PersonRow, ...] = ()
    here: str = ""
    today: str = ""


@dataclass(frozen=True)
class Said:
    """One fact of the timeline."""

    time: str
    title: str
    detail: str
    quote: str
    by: str
    late: str


@dataclass(frozen=True)
class Day:
    """The facts of one day."""

    mark: DayMark
    items: tuple[Said, ...]


@dataclass(frozen=True)
class TimelineTab:
    """What happened, latest first; `again` is where to look again for what was just written."""

    head: AccountHead
    days: tuple[Day, ...]
    older: str
    log: str
    again: str


@dataclass(frozen=True)
class IncidentsTab:
    """The account's incidents and tasks."""

    head: AccountHead
    incidents: tuple[IncidentRow, ...]
    tasks: tuple[TaskRow, ...]


def health(
    head: AccountHead,
    *,
    score: ScoreView | None,
    points: tuple[ScorePoint, ...],
    custom: tuple[tuple[str, str], ...],
    now: datetime,
    overrides: Sequence[OverrideView] = (),
    sentiments: Sequence[SentimentView] = (),
) -> HealthTab:
    """Parts with their trends, and where the charts stand."""
    trends = _trends(points)
    return HealthTab(
        head=head,
        card=f"{score.title}, version {score.version}" if score else "",
        computed=words.moment(score.computed_at, today=now.date()) if score and score.computed_at else "",
        known=_known(head),
        parts=tuple(_part(part, trends.get(part.label, ())) for part in score.parts) if score else (),
        chart=reverse("account-chart", args=(head.key, "score")),
        smalls=reverse("account-chart", args=(head.key, "parts")),
        is_scored=score is not None,
        custom=custom,
        override=_overriding(head, score, overrides, now.date()) if score else None,
        check_in=CheckIn(
            reverse("account-check-in", args=(head.key,)),
            tuple(_felt(one, now.date()) for one in sentiments),
        ),
    )


def _felt(one: SentimentView, today: date) -> tuple[str, str, str]:
    """A check-in: "4 of 5, going well", what was written, who and when."""
    by = f"{one.given_by}, " if one.given_by else ""
    feeling = dict(FEELINGS).get(one.score, "")
    return f"{one.score} of 5, {feeling}", one.words, f"{by}{words.day(day_of(one.given_at), today=today)}"


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
    return f"{points}{band(one.band).word}, says {one.by} until {until}"


def _past_words(one: OverrideView, today: date) -> str:
    assert one.ended_at is not None
    ended = words.day(day_of(one.ended_at), today=today)
    made = words.day(day_of(one.made_at), today=today)
    why = f"; ended: {one.end_reason}" if one.end_reason else ""
    return f"{made} to {ended}: {band(one.band).word}, said {one.by}: {one.reason}{why}"


def custom_fields(
    declared: Sequence[DefinitionView], stored: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """What the account's custom fields say, by title: those that were declared first."""
    titles = {one.slug: one.title for one in declared}
    names = [*titles, *sorted(name for name in stored if name not in titles)]
    said = ((titles.get(name, name), stored.get(name)) for name in names)
    return tuple((title, _plain(value)) for title, value in said if value is not None)


def _plain(value: Any) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else as_cell(value)


def features(uses: tuple[FeatureUse, ...], *, today: date) -> tuple[Feature, ...]:
    """Features as rows."""
    return tuple(
        Feature(
            use.feature,
            f"{use.events:,}",
            "not named" if use.people is None else f"{use.people:,}",
            DayMark.of(use.last_day, today=today),
        )
        for use in uses
    )


def person(row: StakeholderView, *, today: date) -> PersonRow:
    """A person as a row."""
    return PersonRow(
        key=row.key,
        name=row.name,
        title=row.title or "–",
        role=", ".join(words.spoken(role) for role in row.roles) or "–",
        stance=words.spoken(row.stance) or "–",
        influence="–" if row.influence is None else f"{row.influence} of 5",
        reports_to=row.reports_to or "–",
        status=words.spoken(row.status)
        + (
            f", {words.day(row.status_since, today=today)}"
            if row.status != "active" and row.status_since
            else ""
        ),
        email=row.email,
        has_left=row.status == "left",
    )


def days(items: tuple[TimelineItem, ...], *, today: date) -> tuple[Day, ...]:
    """The timeline by day; a review is one line, though the ledger has it as a touchpoint too."""
    made = []
    reviews = {item.at for item in items if item.name == "review.held"}
    talks = {item.at: item for item in items if item.at in reviews and _is_review_talk(item)}
    told = [_with_talk(item, talks) for item in items if talks.get(item.at) is not item]
    for day, of_day in groupby(told, key=lambda item: day_of(item.at)):
        mark = DayMark.of(day, today=today)
        assert mark is not None
        made.append(Day(mark, tuple(_said(item, today=today) for item in of_day)))
    return tuple(made)


def _is_review_talk(item: TimelineItem) -> bool:
    return item.name == "touchpoint.held" and item.detail.partition(",")[0] == "review"


def _with_talk(item: TimelineItem, talks: Mapping[datetime, TimelineItem]) -> TimelineItem:
    talk = talks.get(item.at) if item.name == "review.held" else None
    if talk is None:
        return item
    minutes = words.count(round(talk.value), "minute") if talk.value else ""
    detail = ", ".join(filter(None, (minutes, item.detail)))
    return replace(item, detail=detail, person=item.person or talk.person, props=talk.props | item.props)


def _said(item: TimelineItem, *, today: date) -> Said:
    late = day_of(item.known_at) > day_of(item.at)
    by = " · ".join(filter(None, (item.person, item.source)))
    time = "" if utc(item.at).time().isoformat() == "00:00:00" else words.clock_time(item.at)
    return Said(
        time,
        item.title,
        _detail(item),
        _quote(item),
        by,
        words.day(day_of(item.known_at), today=today) if late else "",
    )


def _quote(item: TimelineItem) -> str:
    """What was written: the subject of a ticket or a talk, the comment of a survey."""
    told = item.props.get("subject") or item.props.get("comment")
    return told if item.name in QUOTED and isinstance(told, str) else ""


def _detail(item: TimelineItem) -> str:
    if item.name == "health.band_changed":
        before, after = (band(item.props.get(side)).word for side in ("from", "to"))
        return f"from {before} to {after}"
    return words.spoken(item.detail) if SLUG.fullmatch(item.detail) else item.detail


def _known(head: AccountHead) -> str:
    if not head.score.is_partial:
        return "Every part is known."
    return f"{head.score.known} % of the weight is known; with the rest it could be {head.score.reach}."


def _part(part: PartView, trend: tuple[float | None, ...]) -> PartRow:
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
    )


def _trends(points: tuple[ScorePoint, ...]) -> dict[str, tuple[float | None, ...]]:
    """The values of each part over the last weeks, by its label."""
    found: dict[str, list[float | None]] = {}
    last = points[-TREND_WEEKS:]
    for index, point in enumerate(last):
        for part in point.parts:
            facts: Mapping[str, Any] = part
            found.setdefault(str(facts["label"]), [None] * len(last))[index] = facts.get("value")
    return {label: tuple(values) for label, values in found.items()}
