"""What the autopsies say: each departure, and what all of them teach."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.bands import Band, band
from keepwell.kernel import speech
from keepwell.plays.queries.autopsies import AutopsyView, Lessons

MISSED = {
    "none": speech.later("Seen and answered in time"),
    "late_response": speech.later("Seen, answered late"),
    "no_response": speech.later("Seen, nobody answered"),
    "no_firing": speech.later("No rule saw it"),
    "no_rule": speech.later("No rule was watching"),
}
EXPLAINED = {
    "none": speech.later(
        "A signal came before it left, and somebody did something about it within two weeks."
    ),
    "late_response": speech.later("A signal came before it left; the first answer took more than two weeks."),
    "no_response": speech.later(
        "A signal came before it left, and nobody spoke with them or did anything after it."
    ),
    "no_firing": speech.later("Rules were watching, and none that foretells churn fired for it."),
    "no_rule": speech.later("No rule had begun to watch when it left."),
}
TONES = {
    "none": "good",
    "late_response": "warn",
    "no_response": "bad",
    "no_firing": "bad",
    "no_rule": "unknown",
}
ACTS = {
    "touchpoint": speech.later("Spoke with them"),
    "task": speech.later("Task done"),
    "incident": speech.later("Incident opened"),
    "call": speech.later("Call held"),
    "cause": speech.later("Root cause"),
    "plan": speech.later("Corrective plan"),
    "note": speech.later("Note"),
}


@dataclass(frozen=True)
class AutopsyRow:
    """A departure in the list."""

    href: str
    account: str
    left: str
    arr: str
    missed: str
    tone: str
    lead: str
    response: str


@dataclass(frozen=True)
class AutopsiesPage:
    """All of them, and what they teach."""

    state: str
    figures: tuple[tuple[str, str, str], ...]
    rows: tuple[AutopsyRow, ...]
    csv: str


@dataclass(frozen=True)
class HealthRow:
    """The health on a day, as it was known by its end."""

    day: str
    before: str
    points: str
    band: Band


@dataclass(frozen=True)
class Line:
    """A signal or an act, with when it was."""

    when: str
    title: str
    more: str


@dataclass(frozen=True)
class AutopsyPage:
    """One departure."""

    account: str
    account_href: str
    state: str
    missed: str
    tone: str
    explained: str
    figures: tuple[tuple[str, str, str], ...]
    health: tuple[HealthRow, ...]
    signals: tuple[Line, ...]
    acts: tuple[Line, ...]
    report: str
    departure: str


def listing(found: tuple[AutopsyView, ...], told: Lessons, *, today: date) -> AutopsiesPage:
    """The list with what it teaches."""
    state = speech.told("Nobody left of whom an autopsy was written.")
    if told.count:
        state = speech.told(
            "%(left)s in the last year; a signal came before %(signalled)s of them, %(in_time)s were answered in time.",
            left=words.count(told.count, "departure"),
            signalled=words.whole(told.signalled),
            in_time=words.whole(told.in_time),
        )
    return AutopsiesPage(
        state=state,
        figures=_lessons(told),
        rows=tuple(_row(one, today) for one in found),
        csv=reverse("autopsies-csv"),
    )


def _lessons(told: Lessons) -> tuple[tuple[str, str, str], ...]:
    if not told.count:
        return ()
    of = speech.told("of %(n)s", n=words.whole(told.count))
    lead = "–" if told.median_lead_days is None else words.count(round(told.median_lead_days), "day")
    return (
        (speech.told("With a signal before"), _share(told.signalled, told.count), of),
        (speech.told("Acted on"), _share(told.responded, told.count), of),
        (speech.told("Acted on in time"), _share(told.in_time, told.count), of),
        (speech.told("Usual lead"), lead, speech.told("from first signal to departure, median")),
    )


def _share(some: int, of: int) -> str:
    return words.percent(100 * some / of)


def _row(one: AutopsyView, today: date) -> AutopsyRow:
    response = one.findings["response_days"]
    return AutopsyRow(
        href=reverse("autopsy", args=(one.id,)),
        account=one.account_name,
        left=words.day(one.left_on, today=today, dated=True),
        arr=words.money(one.arr),
        missed=speech.told(MISSED[one.missed]),
        tone=TONES[one.missed],
        lead="–" if one.lead_days is None else words.count(one.lead_days, "day"),
        response="–" if response is None else words.count(response, "day"),
    )


def detail(one: AutopsyView, *, today: date) -> AutopsyPage:
    """One departure's page."""
    found = one.findings
    return AutopsyPage(
        account=one.account_name,
        account_href=reverse("account", args=(one.account_key,)),
        state=speech.told("Left %(day)s", day=words.day(one.left_on, today=today, dated=True)),
        missed=speech.told(MISSED[one.missed]),
        tone=TONES[one.missed],
        explained=speech.told(EXPLAINED[one.missed]),
        figures=_figures(one, today),
        health=tuple(_health(row, one.left_on, today) for row in found["health"]),
        signals=tuple(Line(_when(row["at"], today), row["title"], _signal(row)) for row in found["signals"]),
        acts=tuple(
            Line(_when(row["at"], today), speech.told(ACTS[row["kind"]]), row["what"])
            for row in found["acts"]
        ),
        report=reverse("autopsy-report", args=(one.id,)),
        departure=found["departure"],
    )


def _figures(one: AutopsyView, today: date) -> tuple[tuple[str, str, str], ...]:
    found = one.findings
    knowable = found["knowable_on"]
    first, response = found["first_signal"], found["first_response"]
    return (
        (speech.told("ARR lost"), words.money(one.arr), ""),
        (
            speech.told("Knowable"),
            _ahead(found["known_lead_days"]),
            speech.told("health below Healthy since %(day)s", day=_day(knowable, today))
            if knowable
            else speech.told("its health never told"),
        ),
        (speech.told("First signal"), _ahead(one.lead_days), first["title"] if first else ""),
        (
            speech.told("First answer"),
            "–" if response is None else words.count(found["response_days"], "day"),
            speech.told("after the first signal: %(what)s", what=speech.told(ACTS[response["kind"]]))
            if response
            else "",
        ),
    )


def _ahead(days: int | None) -> str:
    if days is None:
        return "–"
    return speech.counted(days, "%(n)s day before", "%(n)s days before", n=words.whole(days))


def _health(row: dict[str, Any], left_on: date, today: date) -> HealthRow:
    day = date.fromisoformat(row["day"])
    return HealthRow(
        words.day(day, today=today, dated=True),
        _ahead((left_on - day).days),
        words.points(row["points"]),
        band(row["band"]),
    )


def _signal(row: dict[str, Any]) -> str:
    stood = speech.told("held already when the rule began to watch")
    return f"{row['sentence']} ({stood})" if row["stood"] else str(row["sentence"])


def _when(kept: str, today: date) -> str:
    return words.day(datetime.fromisoformat(kept).date(), today=today, dated=True)


def _day(kept: str, today: date) -> str:
    return words.day(date.fromisoformat(kept), today=today, dated=True)
