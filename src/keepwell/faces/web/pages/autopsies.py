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
    "put_aside": speech.later("Seen, put aside"),
    "no_response": speech.later("Seen, nobody answered"),
    "no_firing": speech.later("No rule saw it"),
    "no_rule": speech.later("No rule was watching"),
}
EXPLAINED = {
    "none": speech.later(
        "A signal came before it left, and somebody did something about it within two weeks."
    ),
    "late_response": speech.later("A signal came before it left; the first answer took more than two weeks."),
    "put_aside": speech.later(
        "A signal came before it left; who answered put it off or called it not useful, and nobody did anything else."
    ),
    "no_response": speech.later(
        "A signal came before it left, and nobody spoke with them or did anything after it."
    ),
    "no_firing": speech.later("Rules were watching, and none that foretells churn fired for it."),
    "no_rule": speech.later("No rule had begun to watch when it left."),
}
TONES = {
    "none": "good",
    "late_response": "warn",
    "put_aside": "bad",
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
    "acknowledged": speech.later("Alarm acknowledged"),
    "acted": speech.later("Alarm acted on"),
    "snoozed": speech.later("Alarm put off"),
    "not_useful": speech.later("Alarm called not useful"),
}
ANSWERED = {
    "acknowledged": speech.later("%(who)s acknowledged it on %(day)s."),
    "acted": speech.later("%(who)s acted on it on %(day)s."),
    "snoozed": speech.later("%(who)s put it off on %(day)s."),
    "not_useful": speech.later("%(who)s called it not useful on %(day)s."),
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
    """A signal or an act, with when it was; `answered` says whom a signal reached and who answered how."""

    when: str
    title: str
    more: str
    href: str = ""
    answered: str = ""


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
        (
            speech.told("Alarms answered"),
            words.whole(told.answered),
            speech.told(
                "of %(delivered)s told; %(fired)s fired",
                delivered=words.whole(told.delivered),
                fired=words.whole(told.fired),
            ),
        ),
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
        signals=tuple(_line(row, today) for row in found["signals"]),
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
        *_alarms(found),
    )


def _alarms(found: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """How many alarms were answered; nothing where they were not counted."""
    if "alarms" not in found:
        return ()
    told = {what: words.whole(n) for what, n in found["alarms"].items()}
    more = speech.told("of %(delivered)s told; %(fired)s fired", **told)
    if found["alarms"]["put_aside"]:
        more = speech.told("of %(delivered)s told; %(fired)s fired, %(put_aside)s put aside", **told)
    return ((speech.told("Alarms answered"), told["answered"], more),)


def _line(row: dict[str, Any], today: date) -> Line:
    href = reverse("signal", args=(row["number"],)) if row.get("number") else ""
    return Line(_when(row["at"], today), row["title"], _signal(row), href, _answered(row, today))


def _answered(row: dict[str, Any], today: date) -> str:
    if "told" not in row:
        return ""
    reached = [
        speech.told("Told to %(who)s on %(day)s.", who=one["person"], day=_when(one["at"], today))
        for one in row["told"]
    ]
    made = [
        speech.told(
            ANSWERED[one["kind"]], who=one["by"] or speech.told("Somebody"), day=_when(one["at"], today)
        )
        for one in row["answers"]
    ]
    return " ".join(
        [*(reached or [speech.told("Told to nobody.")]), *(made or [speech.told("Nobody answered it.")])]
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
