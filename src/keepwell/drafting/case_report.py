"""The business case for a renewal as a PDF; made of a sheet with nothing internal."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from keepwell.drafting import typesetting
from keepwell.drafting.case_sheet import CaseSheet, CaseUse
from keepwell.kernel import speech

TEMPLATE = "case_report.typ"


def told(sheet: CaseSheet, use: CaseUse | None) -> dict[str, Any]:
    """What reaches the template, and nothing else does."""
    heads = {
        "report": speech.told("Business case for the renewal"),
        "worth": speech.told("What it was worth"),
        "inputs": speech.told("How it is counted"),
        "quarter": speech.told("Quarter"),
        "range": speech.told("Range"),
        "likely": speech.told("Likely"),
        "state": speech.told("State"),
        "reached": speech.told("What was agreed and reached"),
        "agreed": speech.told("Agreed"),
        "nothing_reached": speech.told("No outcome is noted as reached yet."),
        "use": speech.told("Use and adoption"),
        "ends": speech.told("What ends when"),
        "no_contract": speech.told("No contract is known that runs."),
        "planned": speech.told("What the next term would bring"),
        "nothing_planned": speech.told("No outcome is planned yet."),
        "indicator": speech.told("Indicator"),
        "baseline": speech.told("Baseline"),
        "now": speech.told("Now"),
        "target": speech.told("Target"),
        "by": speech.told("by"),
        "unknown": speech.told("What is not known"),
    }
    return {
        **asdict(sheet),
        "use": None if use is None else asdict(use),
        "heads": heads,
        "language": speech.language()[:2],
    }


def pdf(sheet: CaseSheet, use: CaseUse | None, *, at: datetime) -> bytes:
    """The PDF; the same sheet gives the same file at the same moment."""
    return typesetting.pdf(TEMPLATE, told(sheet, use), {}, at=at)
