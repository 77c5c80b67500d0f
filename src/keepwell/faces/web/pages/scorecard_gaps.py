"""What a form of a scorecard still lacks, in the words of its fields."""

from keepwell.faces.web.pages.scorecard_forms import Part, Typed
from keepwell.kernel import speech


def unfinished(form: Typed) -> str:
    """The first thing that saving needs and nobody typed yet; empty when nothing is missing."""
    if not form.title:
        return speech.told("Give the scorecard a title.")
    if not form.parts:
        return speech.told("Add a measure.")
    return next((said for n, part in enumerate(form.parts) if (said := _lacks(part, n))), "")


def _lacks(part: Part, n: int) -> str:
    if not part.metric:
        return speech.told("Measure %(n)s: choose what it is measured by.", n=n + 1)
    if not part.weight:
        return speech.told("“%(label)s”: give it a weight.", label=part.label)
    if part.scale.kind == "bands" and not (part.scale.green and part.scale.red):
        return speech.told(
            "“%(label)s”: say from where it is healthy, and from where at risk.", label=part.label
        )
    if part.scale.kind == "slope" and not part.scale.slope:
        return speech.told(
            "“%(label)s”: say how many points a value gives, such as 0 → 0, 80 → 100.", label=part.label
        )
    return ""
