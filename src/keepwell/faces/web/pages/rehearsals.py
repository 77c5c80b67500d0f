"""What the page of a rehearsal says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.kernel import speech
from keepwell.signals.queries.rehearsals import RehearsalView


@dataclass(frozen=True)
class FigureRow:
    """One figure: of the version, and of the one in force."""

    what: str
    own: str
    other: str
    under: str = ""


@dataclass(frozen=True)
class AlarmRow:
    """One alarm of the past, and whether what it foretells came."""

    name: str
    href: str
    day: str
    came: str


@dataclass(frozen=True)
class RehearsalPage:
    """A rehearsal: how far it is, then its figures."""

    id: int
    rule: str
    title: str
    state: str
    sentence: str
    has_other: bool
    other_sentence: str
    rows: tuple[FigureRow, ...]
    named: tuple[AlarmRow, ...]
    progress: str
    error: str
    number: int
    against: int | None


def page(view: RehearsalView, title: str, *, today: date) -> RehearsalPage:
    """One rehearsal."""
    own, other = view.figures, view.other
    return RehearsalPage(
        view.id,
        view.rule,
        title,
        _state(own, today),
        "" if own is None else own["sentence"],
        other is not None,
        "" if other is None else other["sentence"],
        () if own is None else _rows(own, other, view.horizon_days),
        () if own is None else tuple(_alarm(row, own, view.horizon_days, today) for row in own["named"]),
        _progress(view),
        view.error if view.state == "failed" else "",
        view.number,
        view.against,
    )


def _state(own: Mapping[str, Any] | None, today: date) -> str:
    if own is None:
        return speech.told("Each day as it was known then.")
    since, until = (words.day(date.fromisoformat(own[end]), today=today) for end in ("from", "to"))
    return speech.told(
        "%(days)s from %(since)s to %(until)s, each as known then; %(customers)s.",
        days=words.count(own["days"], "day"),
        since=since,
        until=until,
        customers=words.count(own["customers"], "customer"),
    )


def _progress(view: RehearsalView) -> str:
    if view.state in ("done", "failed"):
        return ""
    total = view.steps_total
    if not total:
        return speech.told("The rehearsal waits for its turn.")
    return speech.told(
        "The past is replayed: %(done)s of %(total)s days.",
        done=words.whole(view.steps_done),
        total=words.whole(total),
    )


_CAME = {
    "churn": speech.later("Leaving came within %(days)s days"),
    "expansion": speech.later("An expansion came within %(days)s days"),
}


def _rows(own: Mapping[str, Any], other: Mapping[str, Any] | None, horizon: int) -> tuple[FigureRow, ...]:
    told: list[tuple[str, Callable[[Mapping[str, Any]], str], str]] = [
        (speech.told("Alarms"), _alarms, ""),
        (speech.told("Accounts they were about"), lambda f: words.whole(f["accounts"]), ""),
        (speech.told("Alarms a week for each CSM"), lambda f: _figure(f["a_week_per_csm"]), ""),
    ]
    if own["foretells"] != "nothing":
        told += [
            (speech.told("Right"), _right, speech.told(_CAME[own["foretells"]], days=horizon)),
            (
                speech.told("By chance"),
                lambda f: _percent(f["by_chance"]),
                speech.told("Of any customer on any of these days"),
            ),
            (speech.told("Foretold"), _foretold, speech.told("Those that came in this time")),
            (
                speech.told("How early"),
                _early,
                speech.told("Half of those foretold lie between the outer two"),
            ),
        ]
    told.append(
        (
            speech.told("Could not be told"),
            lambda f: words.number(f["unknown_percent"], "%"),
            speech.told("Of the days of all customers"),
        )
    )
    return tuple(
        FigureRow(what, say(own), "" if other is None else say(other), under) for what, say, under in told
    )


def _alarms(figures: Mapping[str, Any]) -> str:
    alarms = words.whole(figures["alarms"])
    if not figures["stood"]:
        return alarms
    stood = words.whole(figures["stood"])
    return speech.told("%(alarms)s and %(stood)s that stood before", alarms=alarms, stood=stood)


def _right(figures: Mapping[str, Any]) -> str:
    found = figures["precision"]
    if found is None:
        return speech.told("not to be told yet")
    return speech.told(
        "%(share)s (%(low)s to %(high)s); %(right)s of %(settled)s",
        share=_percent(found["share"], 0),
        low=words.plain(round(100 * found["low"])),
        high=_percent(found["high"], 0),
        right=words.whole(figures["right"]),
        settled=words.whole(figures["settled"]),
    )


def _foretold(figures: Mapping[str, Any]) -> str:
    caught, came = words.whole(figures["caught"]), words.whole(figures["came"])
    return speech.told("%(caught)s of %(came)s", caught=caught, came=came)


def _early(figures: Mapping[str, Any]) -> str:
    low, middle, high = figures["lead_days"]
    if middle is None:
        return "–"
    return speech.told(
        "%(days)s (%(low)s to %(high)s)",
        days=words.count(round(middle), "day"),
        low=words.whole(round(low)),
        high=words.whole(round(high)),
    )


def _figure(found: float | None) -> str:
    return "–" if found is None else words.plain(float(f"{found:.2g}"))


def _percent(found: float | None, decimals: int = 1) -> str:
    return "–" if found is None else words.percent(100 * found, decimals=decimals)


def _alarm(row: Mapping[str, Any], own: Mapping[str, Any], horizon: int, today: date) -> AlarmRow:
    return AlarmRow(
        row["name"] or row["account"],
        reverse("account", args=(row["account"],)),
        words.day(date.fromisoformat(row["day"]), today=today),
        _came(row, own, horizon),
    )


def _came(row: Mapping[str, Any], own: Mapping[str, Any], horizon: int) -> str:
    """What came of it in words, as long as the rule foretells anything."""
    if own["foretells"] == "nothing":
        return ""
    if row["right"]:
        return speech.told("It left") if own["foretells"] == "churn" else speech.told("It expanded")
    ended = date.fromisoformat(row["day"]) + timedelta(days=horizon) <= date.fromisoformat(own["to"])
    return speech.told("Nothing came") if ended else speech.told("Too early to tell")
