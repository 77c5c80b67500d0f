"""The head of every page about one account: five facts and the tabs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import ClockMark, DayMark, Delta, ScoreMark, Tab
from keepwell.faces.web.pages.incidents import clock as incident_clock
from keepwell.health.queries.book import BookRow
from keepwell.health.queries.scores import ScoreView
from keepwell.ledger.queries.accounts import AccountView
from keepwell.ledger.queries.people import StakeholderView
from keepwell.plays.queries.incidents import IncidentView
from keepwell.segments.queries.phases import PhaseSpan

TABS = (
    ("account", "Health"), ("account-usage", "Usage"), ("account-people", "People"),
    ("account-timeline", "Timeline"), ("account-contracts", "Contracts"), ("account-service", "Service"),
    ("account-delivery", "Delivery"), ("account-training", "Training"), ("account-incidents", "Incidents"),
    ("account-organisation", "Organisation"), ("account-quality", "Quality"),
)  # fmt: skip
MATTER = 3


@dataclass(frozen=True)
class AccountHead:
    """Name and place · health and its main reason · ARR and renewal · people who matter · next step."""

    key: str
    name: str
    place: str
    owner: str
    score: ScoreMark
    delta: Delta | None
    why: str
    arr: str
    arr_more: str
    renewal: DayMark | None
    people: tuple[StakeholderView, ...]
    more_people: str
    touch: DayMark | None
    next_step: str
    next_href: str
    clock: ClockMark | None
    tabs: tuple[Tab, ...]


def head(
    *,
    account: AccountView,
    score: ScoreView | None,
    row: BookRow | None,
    people: tuple[StakeholderView, ...],
    incidents: tuple[IncidentView, ...],
    here: str,
    now: datetime,
    phase: PhaseSpan | None,
) -> AccountHead:
    """From what the stages know of an account."""
    today = now.date()
    open_one = next((incident for incident in incidents if incident.open), None)
    step, href = _next_step(open_one, account, today)
    here_now = tuple(person for person in people if person.status != "left")
    rest = len(here_now) - MATTER
    counts = {
        "account-people": len(here_now),
        "account-incidents": sum(incident.open for incident in incidents) or None,
    }
    return AccountHead(
        key=account.key,
        name=account.name or account.key,
        place=" · ".join(
            filter(
                None,
                (
                    f"Merged into {account.merged_into}"
                    if account.merged_into
                    else "Former customer" * account.former,
                    account.industry,
                    account.country,
                    words.spoken(account.tier),
                    words.spoken(account.phase) if phase is None else phase.title,
                ),
            )
        ),
        owner=account.owners[0].name if account.owners else "",
        score=score_mark(score),
        delta=Delta.of(row.change, "in a week") if row else None,
        why=why(row, score),
        arr=words.money(account.arr or account.arr_reporting)
        if account.arr or account.arr_reporting or not account.arr_parts
        else " + ".join(map(str, account.arr_parts)),
        arr_more=_arr_more(account),
        renewal=DayMark.of(account.renewal_date, today=today),
        people=here_now[:MATTER],
        more_people=f"and {rest} more" if rest > 0 else "",
        touch=DayMark.of(account.last_touch_at, today=today),
        next_step=step,
        next_href=href,
        clock=incident_clock(open_one, now=now) if open_one else None,
        tabs=tuple(
            Tab(title, reverse(name, args=(account.key,)), name == here, counts.get(name))
            for name, title in TABS
        ),
    )


def _arr_more(account: AccountView) -> str:
    """The other way to say the ARR: in the reporting currency, or as signed, or why it is not known."""
    if account.arr_unknown is not None:
        return account.arr_unknown if account.arr_parts else ""
    if account.arr is None:
        return "signed as " + " + ".join(map(str, account.arr_parts)) if account.arr_parts else ""
    if account.arr_reporting is None or account.arr.currency == account.arr_reporting.currency:
        return ""
    return str(account.arr_reporting)


def score_mark(score: ScoreView | None) -> ScoreMark:
    """The score's mark; an account that was never scored is unknown."""
    if score is None:
        return ScoreMark.of(points=None, slug="unknown", known_weight=None, low=None, high=None)
    points, band = score.stands
    return ScoreMark.of(
        points=points, slug=band, known_weight=score.known_weight, low=score.low, high=score.high
    )


def why(row: BookRow | None, score: ScoreView | None) -> str:
    """What moved the score in the week; where nothing did, what holds it down."""
    if score is not None and score.override is not None:
        return f"set by {score.override.by}; the score says {words.points(score.points)}"
    has_moved = row is not None and row.change is not None and round(row.change) != 0
    return row.change_reason if row is not None and has_moved else worst(score)


def worst(score: ScoreView | None) -> str:
    """The part that costs most points, in words."""
    known = [part for part in score.parts if part.points is not None] if score else []
    costly = [part for part in known if part.band in ("red", "yellow")]
    if not costly:
        return ""
    part = max(costly, key=lambda part: (100 - (part.points or 0)) * part.weight)
    return f"{part.label} {words.number(part.value, part.unit)}"


def _next_step(incident: IncidentView | None, account: AccountView, today: date) -> tuple[str, str]:
    if incident is not None:
        task = next((task for task in incident.tasks if task.done_at is None), None)
        title = task.title if task else "Close the incident with its cause and plan"
        return title, reverse("incident", args=(incident.id,))
    if account.last_touch_at is None or (today - account.last_touch_at.date()).days > 30:
        return "Get in touch", ""
    return "", ""
