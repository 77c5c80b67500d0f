"""The components as template tags; loaded into every template as a builtin."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from keepwell.faces.components import drawn, marked
from keepwell.faces.components.marks import (
    AgeMark,
    ClockMark,
    DiffLine,
    PersonMark,
    Tab,
)
from keepwell.faces.components.stances import Stance
from keepwell.kernel import speech

register = template.Library()
UNDO = "undo-"


@register.simple_tag
def said(text: str, **parts: Any) -> SafeString:
    """A text of a template in the reader's language; the loader writes these tags (`faces/web/translating.py`)."""
    told = speech.told(text)
    if parts:
        told %= {name: conditional_escape(part) for name, part in parts.items()}
    return mark_safe(told)  # noqa: S308 our own words; what others wrote is escaped above


def _drawn(draw: Callable[..., str]) -> None:
    """A component that a function draws, as a tag of its name."""

    @wraps(draw)
    def tag(*args: Any, **kwargs: Any) -> SafeString:
        return mark_safe(draw(*args, **kwargs))  # noqa: S308 what is given was escaped by the function

    register.simple_tag(tag)


for _each in (
    drawn.icon, drawn.shape, drawn.band, drawn.score, drawn.known, drawn.spark, drawn.delta, drawn.day, drawn.person,
    drawn.options, drawn.grouped_options, marked.marked,
):  # fmt: skip
    _drawn(_each)


@register.inclusion_tag("components/stance.html")
def stance(mark: Stance) -> Mapping[str, Any]:
    """How somebody stands to us, as shape and word."""
    return {"mark": mark}


@register.simple_tag
def share(percent: float, kind: str = "") -> SafeString:
    """A share of a whole as a bar; the figure stands beside it."""
    return format_html(
        '<svg class="share" data-kind="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="all" width="100" height="6"/><rect width="{}" height="6"/></svg>',
        kind,
        max(0.0, min(100.0, percent)),
    )


@register.inclusion_tag("components/clock.html")
def clock(mark: ClockMark, *, size: str = "") -> Mapping[str, Any]:
    """What is left of a deadline."""
    return {"mark": mark, "size": size}


@register.inclusion_tag("components/stakeholder.html")
def stakeholder(mark: PersonMark) -> Mapping[str, Any]:
    """One of the customer's people: initials, name, and how they stand to us."""
    return {"mark": mark}


@register.inclusion_tag("components/notice.html")
def notice(text: str, *, kind: str = "told", more: str = "") -> Mapping[str, Any]:
    """Something to know; kinds: told, done, refused."""
    return {"text": text, "kind": kind, "more": more}


@register.inclusion_tag("components/toast.html", takes_context=True)
def toast(context: template.Context, text: str, *, kind: str = "") -> Mapping[str, Any]:
    """Something to know in passing; kinds: told, done, refused, or what undoes it, which makes a button."""
    is_undone = kind.startswith(UNDO)
    return {
        "text": text,
        "kind": "done" if is_undone else kind or "told",
        "undo": kind if is_undone else "",
        "undo_href": reverse("undo") if is_undone else "",
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("components/empty.html", takes_context=True)
def empty(
    context: template.Context,
    title: str,
    why: str,
    *,
    href: str = "",
    label: str = "",
    size: str = "",
    also_href: str = "",
    also: str = "",
    needs: str = "",
) -> Mapping[str, Any]:
    """What this is, why it is empty, the one thing to do, for those whose role may do what it `needs`."""
    if needs and needs not in context["shell"].may:
        href = ""
    return {
        "title": title,
        "why": why,
        "href": href,
        "label": label,
        "size": size,
        "also_href": also_href,
        "also": also,
    }


@register.inclusion_tag("components/receipt.html")
def receipt(
    id: str, title: str, sentence: str, facts: Sequence[tuple[str, str]] = (), href: str = ""
) -> Mapping[str, Any]:
    """Opens the definition behind a figure, without script."""
    return {"id": id, "title": title, "sentence": sentence, "facts": facts, "href": href}


@register.inclusion_tag("components/age.html")
def age(mark: AgeMark) -> Mapping[str, Any]:
    """How old what is known is, against how old it may be."""
    return {"mark": mark}


@register.inclusion_tag("components/diff.html")
def diff(lines: Sequence[DiffLine]) -> Mapping[str, Any]:
    """Before and after, line by line."""
    return {"lines": lines}


@register.inclusion_tag("components/errors.html")
def errors(faults: Sequence[tuple[str, str]], title: str = "") -> Mapping[str, Any]:
    """What is wrong with a form: each line leads to its field, by id."""
    return {"faults": faults, "title": title or speech.told("Nothing was saved")}


@register.inclusion_tag("components/pages.html")
def pages(said: str = "", *, before: str = "", after: str = "") -> Mapping[str, Any]:
    """Where one is in a long list, and the way on."""
    return {"said": said, "before": before, "after": after}


@register.inclusion_tag("components/segmented.html")
def segmented(label: str, tabs: Sequence[Tab]) -> Mapping[str, Any]:
    """One of a few, all in sight."""
    return {"label": label, "tabs": tabs}


@register.inclusion_tag("components/skeleton.html")
def skeleton(lines: int = 3, kind: str = "text") -> Mapping[str, Any]:
    """What is on its way; kinds: text, rows, chart."""
    return {"lines": range(lines), "kind": kind}


@register.inclusion_tag("components/stat.html")
def stat(title: str, figure: str, more: str = "") -> Mapping[str, Any]:
    """One figure with its name and what it is to be held against; stands in a `dl`."""
    return {"title": title, "figure": figure, "more": more}


@register.inclusion_tag("components/tip.html")
def tip(id: str, text: str, said: str, *, shown: bool = False) -> Mapping[str, Any]:
    """A word with more to say on hover and focus."""
    return {"id": id, "text": text, "said": said, "shown": shown}


@register.inclusion_tag("components/sentence.html")
def sentence(
    parts: Sequence[tuple[str, bool]], *, href: str = "", negated: bool = False
) -> Mapping[str, Any]:
    """A filter in words; what was chosen is strong; `href` is the page without it."""
    return {"parts": parts, "href": href, "negated": negated}
