"""A condition as a sentence."""

from keepwell.kernel.figures import figure
from keepwell.metrics.conditions import operators
from keepwell.metrics.conditions.tree import Condition, Either, Every, Leaf, Not


def words(condition: Condition) -> str:
    """ "Industry is Retail and (active people is below 5 people or renewal is within the next 60 days)"."""
    said = _said(condition, nested=False)
    return said[:1].upper() + said[1:]


def _said(condition: Condition, *, nested: bool) -> str:
    if isinstance(condition, Leaf):
        return _leaf(condition)
    if isinstance(condition, Not):
        return f"not ({_said(condition.part, nested=False)})"
    if len(condition.parts) == 1:
        return _said(condition.parts[0], nested=nested)
    link = " and " if isinstance(condition, Every) else " or "
    joined = link.join(_said(part, nested=True) for part in condition.parts)
    return f"({joined})" if nested and isinstance(condition, Either | Every) else joined


def _leaf(leaf: Leaf) -> str:
    title = leaf.subject.title
    asked = title if title.isupper() else title[:1].lower() + title[1:]
    if leaf.operator is None:
        return f"{asked} is {'known' if leaf.value else 'not known'}"
    if leaf.subject.change and isinstance(leaf.value, float) and leaf.operator.slug in _MOVED:
        return _moved(leaf, asked, leaf.value)
    span = "" if leaf.in_days is None else f" in the last {leaf.in_days} days"
    return f"{asked} {operators.said(leaf.operator, leaf.value, leaf.subject)}{span}"


_MOVED = {"below": "more than", "at_most": "at least", "above": "more than", "at_least": "at least"}


def _moved(leaf: Leaf, asked: str, by: float) -> str:
    """ "health fell by more than 10 over 30 days"; where a sentence of a fall or a rise would be wrong, the figure itself."""
    assert leaf.operator is not None
    title, falls = asked.removesuffix(" change"), leaf.operator.slug in ("below", "at_most")
    if (by > 0 and falls) or (by < 0 and not falls):
        return f"{asked} {operators.said(leaf.operator, by, leaf.subject)} over {leaf.in_days} days"
    return f"{title} {'fell' if falls else 'rose'} by {_MOVED[leaf.operator.slug]} {figure(abs(by))} over {leaf.in_days} days"
