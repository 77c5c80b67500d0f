"""The autopsy of a departure as a PDF: what was knowable when, the missed alarm, what was done."""

from datetime import date, datetime
from typing import Any

from keepwell.drafting import typesetting
from keepwell.kernel.days import date_said
from keepwell.plays.queries.autopsies import AutopsyView

TEMPLATE = "autopsy_report.typ"
MISSED = {
    "none": "Seen and answered in time",
    "late_response": "Seen, answered late",
    "put_aside": "Seen, put aside",
    "no_response": "Seen, nobody answered",
    "no_firing": "No rule saw it",
    "no_rule": "No rule was watching",
}
ACTS = {
    "touchpoint": "Spoke with them",
    "task": "Task done",
    "incident": "Incident opened",
    "call": "Call held",
    "cause": "Root cause",
    "plan": "Corrective plan",
    "note": "Note",
    "acknowledged": "Alarm acknowledged",
    "acted": "Alarm acted on",
    "snoozed": "Alarm put off",
    "not_useful": "Alarm called not useful",
}
ANSWERED = {
    "acknowledged": "acknowledged it",
    "acted": "acted on it",
    "snoozed": "put it off",
    "not_useful": "called it not useful",
}
BANDS = {"green": "Healthy", "yellow": "Watch", "red": "At risk", "unknown": "Unknown"}


def pdf(view: AutopsyView, *, at: datetime) -> bytes:
    """The PDF of an autopsy; the same one gives the same file at the same moment."""
    found = view.findings
    first, response = found["first_signal"], found["first_response"]
    told: dict[str, Any] = {
        "account": view.account_name,
        "left": date_said(view.left_on, long=True),
        "day": date_said(at, long=True),
        "missed": MISSED[view.missed],
        "slug": view.missed,
        "lines": [
            ["ARR lost", str(view.arr) if view.arr else "not known"],
            ["Health below Healthy since", _ahead(found["knowable_on"], found["known_lead_days"])],
            ["First signal", f"{_ahead(first['at'], view.lead_days)}: {first['title']}" if first else "none"],
            [
                "First answer",
                f"{found['response_days']} days after it: {ACTS[response['kind']]}" if response else "none",
            ],
            ["Alarms", _alarms(found)],
        ],
        "health": [
            [
                _said(row["day"]),
                "–" if row["points"] is None else f"{row['points']:.0f}",
                BANDS.get(row["band"], row["band"]),
            ]
            for row in found["health"]
        ],
        "signals": [
            [_said(row["at"]), row["title"], row["sentence"], answered(row)] for row in found["signals"]
        ],
        "acts": [[_said(row["at"]), ACTS[row["kind"]], row["what"]] for row in found["acts"]],
        "departure": found["departure"],
    }
    return typesetting.pdf(TEMPLATE, told, {}, at=at)


def answered(row: dict[str, Any]) -> str:
    """Whom an alarm reached and who answered how, in a sentence; empty where it was not counted."""
    if "told" not in row:
        return ""
    who = [f"Told to {one['person']} on {_said(one['at'])}." for one in row["told"]]
    made = [
        f"{one['by'] or 'Somebody'} {ANSWERED[one['kind']]} on {_said(one['at'])}." for one in row["answers"]
    ]
    return " ".join([*(who or ["Told to nobody."]), *(made or ["Nobody answered it."])])


def _alarms(found: dict[str, Any]) -> str:
    if "alarms" not in found:
        return "not counted"
    told = found["alarms"]
    said = f"{told['fired']} fired, {told['delivered']} delivered, {told['answered']} answered"
    return f"{said}, {told['put_aside']} put aside" if told["put_aside"] else said


def _said(kept: str) -> str:
    return date_said(date.fromisoformat(kept[:10]), long=True)


def _ahead(kept: str | None, days: int | None) -> str:
    return "never" if kept is None else f"{_said(kept)}, {days} days before"
