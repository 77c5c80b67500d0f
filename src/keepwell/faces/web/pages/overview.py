"""What the Overview of an account says: what is next and how its measures stand; and what changed since one last looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Delta
from keepwell.faces.web.as_of import AsOf
from keepwell.faces.web.pages.account_head import AccountHead, open_tasks
from keepwell.faces.web.pages.account_health import felt, trends_of
from keepwell.faces.web.pages.account_quality import blind
from keepwell.faces.web.pages.account_timeline import Day, days
from keepwell.health.queries.scores import MovedView, ScorePoint, ScoreView
from keepwell.kernel import speech
from keepwell.kernel.cells import as_cell
from keepwell.ledger.queries.definitions import DefinitionView
from keepwell.ledger.queries.sentiments import SentimentView
from keepwell.ledger.queries.timeline import TimelineItem
from keepwell.plays.queries.tasks import TaskItem
from keepwell.segments.queries.phases import PhaseSpan

SHOWN = 6


@dataclass(frozen=True)
class MeasureRow:
    """A measure that weighs much in the score: its value, what it is made of, and its last thirteen weeks."""

    label: str
    value: str
    band: str
    definition: str
    facts: tuple[tuple[str, str], ...]
    href: str
    trend: tuple[float | None, ...]


@dataclass(frozen=True)
class Overview:
    """One column of changes, which the page loads, beside what is next and how the measures stand."""

    head: AccountHead
    changes: str
    tasks: tuple[tuple[str, str, str, str], ...]
    phase: str
    measures: tuple[MeasureRow, ...]
    quality: str
    quality_href: str
    felt: tuple[str, str, str] | None
    custom: tuple[tuple[str, str], ...]
    is_bare: bool


@dataclass(frozen=True)
class Changes:
    """What changed, latest first; `title` says since when."""

    head_name: str
    back: str
    title: str
    moved: Delta | None
    moved_said: str
    moved_href: str
    days: tuple[Day, ...]
    more: str
    nothing: str


def overview(
    head: AccountHead,
    *,
    as_of: AsOf,
    score: ScoreView | None,
    points: Sequence[ScorePoint],
    tasks: Sequence[TaskItem],
    phase: PhaseSpan | None,
    sentiments: Sequence[SentimentView],
    custom: tuple[tuple[str, str], ...],
    is_bare: bool,
) -> Overview:
    """From what the stages know."""
    return Overview(
        head=head,
        changes=as_of.of("account-changes", head.key),
        tasks=open_tasks(tasks, day=as_of.day),
        phase=_phase(phase, as_of.day),
        measures=measures(score, points, as_of),
        quality=blind(score),
        quality_href=as_of.of("account-quality", head.key),
        felt=felt(sentiments[0], as_of.day) if sentiments else None,
        custom=custom,
        is_bare=is_bare,
    )


def measures(score: ScoreView | None, points: Sequence[ScorePoint], as_of: AsOf) -> tuple[MeasureRow, ...]:
    """The measures that weigh most, with what each rests on."""
    if score is None:
        return ()
    trends = trends_of(tuple(points))
    heaviest = sorted(score.parts, key=lambda part: -part.weight)[:SHOWN]
    return tuple(
        MeasureRow(
            part.label,
            words.number(part.value, part.unit),
            part.band,
            part.definition,
            (
                (speech.told("Threshold"), part.threshold_words),
                (
                    speech.told("Points"),
                    speech.told(
                        "%(points)s at weight %(weight)s",
                        points=words.points(part.points),
                        weight=words.number(part.weight),
                    ),
                ),
                (speech.told("Moment"), words.day(score.as_of, today=as_of.day)),
            ),
            reverse("measure", args=(part.metric,)) if part.metric else "",
            trends.get(part.label, ()),
        )
        for part in heaviest
    )


def changes(
    *,
    key: str,
    name: str,
    as_of: AsOf,
    since: datetime | None,
    first_day: date,
    moved: MovedView | None,
    items: Sequence[TimelineItem],
    at_once: int,
) -> Changes:
    """What was learned since a moment; without one, in the weeks before the day that is seen."""
    day = as_of.day
    if since is not None:
        title = speech.told("Since you last looked, %(since)s", since=words.moment(since, today=day))
    elif as_of.is_past:
        title = speech.told(
            "The two weeks before, from %(first_day)s", first_day=words.day(first_day, today=day)
        )
    else:
        title = speech.told(
            "The last two weeks, from %(first_day)s", first_day=words.day(first_day, today=day)
        )
    has_moved = moved is not None and moved.change is not None and round(moved.change) != 0
    return Changes(
        head_name=name,
        back=as_of.of("account", key),
        title=title,
        moved=Delta.of(moved.change, moved.reason) if moved is not None and has_moved else None,
        moved_said=_moved(moved) if moved is not None and has_moved else "",
        moved_href=as_of.of("account-movement", key, since=moved.since.isoformat()) if moved else "",
        days=days(tuple(items), account=key, today=day),
        more=as_of.of("account-timeline", key) if len(items) == at_once else "",
        nothing="" if items or has_moved else speech.told("Nothing new was learned."),
    )


def _moved(moved: MovedView) -> str:
    way = "rose" if (moved.change or 0) > 0 else "fell"
    return speech.told(
        "Health %(way)s from %(before)s to %(after)s",
        way=way,
        before=words.points(moved.before),
        after=words.points(moved.after),
    )


def _phase(phase: PhaseSpan | None, day: date) -> str:
    if phase is None:
        return ""
    since = (
        speech.told(", since %(since)s", since=words.day(phase.since, today=day, dated=True))
        if phase.since
        else ""
    )
    return f"{phase.title}{since}"


def custom_fields(
    declared: Sequence[DefinitionView], stored: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """What the account's custom fields say, by title: those that were declared first."""
    titles = {one.slug: one.title for one in declared}
    names = [*titles, *sorted(name for name in stored if name not in titles)]
    said = ((titles.get(name) or words.spoken(name), stored.get(name)) for name in names)
    return tuple((title, _plain(value)) for title, value in said if value is not None)


def _plain(value: Any) -> str:
    return (speech.told("Yes") if value else speech.told("No")) if isinstance(value, bool) else as_cell(value)
