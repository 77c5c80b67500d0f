"""What the page of a rehearsal says."""

from collections.abc import Mapping
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
        return "Each day as it was known then."
    since, until = (words.day(date.fromisoformat(own[end]), today=today) for end in ("from", "to"))
    return f"{own['days']} days from {since} to {until}, each as known then; {own['customers']:,} customers."


def _progress(view: RehearsalView) -> str:
    if view.state in ("done", "failed"):
        return ""
    total = view.steps_total
    if not total:
        return "The rehearsal waits for its turn."
    return f"The past is replayed: {view.steps_done} of {total} days."


def _rows(own: Mapping[str, Any], other: Mapping[str, Any] | None, horizon: int) -> tuple[FigureRow, ...]:
    outcome = {"churn": "leaving", "expansion": "an expansion", "nothing": "anything"}[own["foretells"]]
    told = [
        ("Alarms", _alarms, ""),
        ("Accounts they were about", lambda f: f"{f['accounts']:,}", ""),
        ("Alarms a week for each CSM", lambda f: _figure(f["a_week_per_csm"]), ""),
    ]
    if own["foretells"] != "nothing":
        told += [
            ("Right", _right, f"{outcome.capitalize()} came within {horizon} days"),
            ("By chance", lambda f: _percent(f["by_chance"]), "Of any customer on any of these days"),
            ("Foretold", lambda f: f"{f['caught']:,} of {f['came']:,}", "Those that came in this time"),
            ("How early", _early, "Half of those foretold lie between the outer two"),
        ]
    told.append(
        ("Could not be told", lambda f: f"{f['unknown_percent']:g} %", "Of the days of all customers")
    )
    return tuple(
        FigureRow(what, say(own), "" if other is None else say(other), under) for what, say, under in told
    )


def _alarms(figures: Mapping[str, Any]) -> str:
    stood = f" and {figures['stood']:,} that stood before" if figures["stood"] else ""
    return f"{figures['alarms']:,}{stood}"


def _right(figures: Mapping[str, Any]) -> str:
    found = figures["precision"]
    if found is None:
        return "not to be told yet"
    reach = f"{100 * found['low']:.0f} to {100 * found['high']:.0f} %"
    return f"{100 * found['share']:.0f} % ({reach}); {figures['right']:,} of {figures['settled']:,}"


def _early(figures: Mapping[str, Any]) -> str:
    low, middle, high = figures["lead_days"]
    return "–" if middle is None else f"{middle:.0f} days ({low:.0f} to {high:.0f})"


def _figure(found: float | None) -> str:
    return "–" if found is None else f"{found:.2g}"


def _percent(found: float | None) -> str:
    return "–" if found is None else f"{100 * found:.1f} %"


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
