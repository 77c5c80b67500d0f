"""A condition as a sentence."""

from keepwell.kernel import speech
from keepwell.kernel.figures import measured
from keepwell.metrics.conditions import operators
from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not
from keepwell.metrics.conditions.vocabulary import Subject


def words(condition: Condition) -> str:
    """ "Industry is Retail and (active people is below 5 people or renewal is within the next 60 days)"."""
    said = _said(condition, nested=False)
    return said[:1].upper() + said[1:]


def _said(condition: Condition, *, nested: bool) -> str:
    if isinstance(condition, Leaf):
        return _leaf(condition)
    if isinstance(condition, Not):
        return speech.told("not (%(said)s)", said=_said(condition.part, nested=False))
    if len(condition.parts) == 1:
        return _said(condition.parts[0], nested=nested)
    link = speech.told("and") if isinstance(condition, Every) else speech.told("or")
    joined = f" {link} ".join(_said(part, nested=True) for part in condition.parts)
    return f"({joined})" if nested and isinstance(condition, Every | Either) else joined


def _leaf(leaf: Leaf) -> str:
    asked = asked_words(leaf.subject)
    if leaf.operator is None:
        return speech.told("%(asked)s is known" if leaf.value else "%(asked)s is not known", asked=asked)
    if leaf.subject.change and isinstance(leaf.value, float) and leaf.operator.slug in _MOVED:
        return _moved(leaf, asked, leaf.value)
    said = operators.said(leaf.operator, leaf.value, leaf.subject)
    if leaf.in_days is None:
        return f"{asked} {said}"
    return speech.told("%(asked)s %(said)s in the last %(n)s days", asked=asked, said=said, n=leaf.in_days)


def asked_words(subject: Subject) -> str:
    """What is asked about, within a sentence."""
    title = speech.said(subject.title)
    return title if title.isupper() or speech.has_capitals() else title[:1].lower() + title[1:]


_MOVED = {
    "below": speech.later("%(title)s fell by more than %(amount)s over %(n)s days"),
    "at_most": speech.later("%(title)s fell by at least %(amount)s over %(n)s days"),
    "above": speech.later("%(title)s rose by more than %(amount)s over %(n)s days"),
    "at_least": speech.later("%(title)s rose by at least %(amount)s over %(n)s days"),
}


def _moved(leaf: Leaf, asked: str, by: float) -> str:
    """ "health fell by more than 10 over 30 days"; where a sentence of a fall or a rise would be wrong, the figure itself."""
    assert leaf.operator is not None
    falls = leaf.operator.slug in ("below", "at_most")
    if (by > 0 and falls) or (by < 0 and not falls):
        said = operators.said(leaf.operator, by, leaf.subject)
        return speech.told("%(asked)s %(said)s over %(n)s days", asked=asked, said=said, n=leaf.in_days)
    title = asked.removesuffix(speech.told(" change"))
    amount = _amount(abs(by), leaf.subject.unit)
    return speech.told(_MOVED[leaf.operator.slug], title=title, amount=amount, n=leaf.in_days)


def _amount(by: float, unit: str) -> str:
    """Points of health are said without their unit."""
    return measured(by, "" if unit == "points" else unit)
