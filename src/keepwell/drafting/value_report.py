"""What outcomes were worth as a PDF for the customer, or redacted for somebody else; made of a sheet with nothing internal."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from keepwell.drafting import typesetting
from keepwell.drafting.value_sheet import ValueSheet
from keepwell.kernel import speech

TEMPLATE = "value_report.typ"


def told(sheet: ValueSheet) -> dict[str, Any]:
    """What reaches the template, and nothing else does."""
    heads = {
        "report": speech.told("Value report"),
        "confirmed": speech.told("Confirmed by the customer"),
        "counted": speech.told("Counted, not confirmed"),
        "inputs": speech.told("How it is counted"),
        "quarter": speech.told("Quarter"),
        "range": speech.told("Range"),
        "likely": speech.told("Likely"),
        "state": speech.told("State"),
        "nothing": speech.told("Nothing is shared yet."),
    }
    return {**asdict(sheet), "heads": heads, "language": speech.language()[:2]}


def pdf(sheet: ValueSheet, *, at: datetime) -> bytes:
    """The PDF; the same sheet gives the same file at the same moment."""
    return typesetting.pdf(TEMPLATE, told(sheet), {}, at=at)
