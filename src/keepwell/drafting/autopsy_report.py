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
        ],
        "health": [
            [
                _said(row["day"]),
                "–" if row["points"] is None else f"{row['points']:.0f}",
                BANDS.get(row["band"], row["band"]),
            ]
            for row in found["health"]
        ],
        "signals": [[_said(row["at"]), row["title"], row["sentence"]] for row in found["signals"]],
        "acts": [[_said(row["at"]), ACTS[row["kind"]], row["what"]] for row in found["acts"]],
        "departure": found["departure"],
    }
    return typesetting.pdf(TEMPLATE, told, {}, at=at)


def _said(kept: str) -> str:
    return date_said(date.fromisoformat(kept[:10]), long=True)


def _ahead(kept: str | None, days: int | None) -> str:
    return "never" if kept is None else f"{_said(kept)}, {days} days before"
