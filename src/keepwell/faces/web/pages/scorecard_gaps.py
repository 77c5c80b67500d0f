"""What a form of a scorecard still lacks, in the words of its fields."""

from keepwell.faces.web.pages.scorecard_forms import Part, Typed


def unfinished(form: Typed) -> str:
    """The first thing that saving needs and nobody typed yet; empty when nothing is missing."""
    if not form.title:
        return "Give the scorecard a title."
    if not form.parts:
        return "Add a measure."
    return next((said for n, part in enumerate(form.parts) if (said := _lacks(part, n))), "")


def _lacks(part: Part, n: int) -> str:
    if not part.metric:
        return f"Measure {n + 1}: choose what it is measured by."
    if not part.weight:
        return f"“{part.label}”: give it a weight."
    if part.scale.kind == "bands" and not (part.scale.green and part.scale.red):
        return f"“{part.label}”: say from where it is healthy, and from where at risk."
    if part.scale.kind == "slope" and not part.scale.slope:
        return f"“{part.label}”: say how many points a value gives, such as 0 → 0, 80 → 100."
    return ""
