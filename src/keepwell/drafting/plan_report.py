"""A success plan as a PDF for its customer, or redacted for somebody else; made of a sheet, which has nothing internal."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from keepwell.drafting import typesetting
from keepwell.drafting.plan_sheet import Sheet
from keepwell.kernel import speech

TEMPLATE = "plan_report.typ"


def told(sheet: Sheet) -> dict[str, Any]:
    """What reaches the template, and nothing else does."""
    heads = {
        "plan": speech.told("Success plan"),
        "outcomes": speech.told("Outcomes"),
        "steps": speech.told("Milestones and tasks"),
        "views": speech.told("What success is to whom"),
        "indicator": speech.told("Indicator"),
        "baseline": speech.told("Baseline"),
        "now": speech.told("Now"),
        "target": speech.told("Target"),
        "until": speech.told("By"),
        "what": speech.told("What"),
        "when": speech.told("When"),
        "who": speech.told("Who"),
        "agreed": speech.told("Agreed"),
        "cadence": speech.told("We look at it"),
        "nothing": speech.told("Nothing is shared yet."),
    }
    return {**asdict(sheet), "heads": heads, "language": speech.language()[:2]}


def pdf(sheet: Sheet, *, at: datetime) -> bytes:
    """The PDF; the same sheet gives the same file at the same moment."""
    return typesetting.pdf(TEMPLATE, told(sheet), {}, at=at)
