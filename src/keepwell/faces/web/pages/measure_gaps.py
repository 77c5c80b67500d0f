"""What a form of a measure still lacks, in the words of its fields; what only a reader of definitions sees, made plain."""

import re

from keepwell.faces.web.pages import conditions
from keepwell.faces.web.pages.measure_editor import ASKED, NAMED, PLACED
from keepwell.faces.web.pages.measure_forms import Measured, Typed
from keepwell.kernel import speech
from keepwell.metrics.declaring import FORMS, WHOLE

TEXTS = {
    "title": speech.later("Give the measure a title."),
    "unit": speech.later("Say in what it is counted under “Unit”, such as exports or days."),
    "sentence": speech.later("Say in a sentence what it says."),
    "unknown_when": speech.later("Say when it is unknown. Unknown is never zero."),
}


def unsaid(typed: Typed) -> str:
    """The first text that saving needs and nobody typed yet."""
    return next((said for name, said in TEXTS.items() if not getattr(typed, name)), "")


def unfinished(measure: Measured, place: str = "") -> str:
    """The first thing that the measure needs and nobody typed yet; empty when nothing is missing."""
    where = f"{place}: " if place else ""
    for name, selection in measure.selections.items():
        if measure.take in WHOLE and (selection.kind != "fact" or not selection.names):
            return speech.told(
                "%(where)schoose business facts under “%(named)s”, and name them.",
                where=where,
                named=NAMED[name],
            )
    for name in FORMS[measure.take].needs if measure.take in FORMS else ():
        if name in ASKED and not measure.figures.get(name):
            return speech.told("%(where)sfill in “%(asked)s”.", where=where, asked=ASKED[name][0])
        if name == "where" and conditions.is_blank(measure.where):
            return speech.told(
                "%(where)ssay under “%(where2)s” what the last event must say.",
                where=where,
                where2=NAMED["where"],
            )
    parts = (unfinished(part, PLACED[name]) for name, part in measure.parts.items())
    return next((said for said in parts if said), "")


def plainly(refusal: str) -> str:
    """A refusal without the place where a text would have it, and without a programmer's quotation marks."""
    said = re.sub(r"^the metric: (?:measure(?:\.(?:of|to|less))*(?:: |\.))?", "", speech.said(refusal))
    return sentence(conditions.plainly(said))


def sentence(said: str) -> str:
    """With a capital."""
    return said[:1].upper() + said[1:]
