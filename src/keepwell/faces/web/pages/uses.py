"""Where a segment or a measure is used, so that everybody sees it before it is changed or removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.web.queries.saved_views import ViewUses
from keepwell.hooks.uses import Use
from keepwell.kernel import speech

KINDS = {
    "segment": ("Segment", "segment"),
    "scorecard": ("Scorecard", "settings-scorecard"),
    "rule": ("Rule", "rule"),
}
VERSIONED = ("scorecard", "rule")


@dataclass(frozen=True)
class UseRow:
    """Something that asks for it, and where that is; `note` may say more."""

    what: str
    title: str
    href: str
    note: str = ""


def rows(found: Sequence[Use], views: ViewUses) -> tuple[UseRow, ...]:
    """What stages say, each thing once however many versions of it ask; then the views of the list of accounts."""
    return (*dict.fromkeys(_row(use) for use in found), *of_views(views))


def _row(use: Use) -> UseRow:
    kind, _, rest = use.key.partition(":")
    if kind not in KINDS:
        return UseRow("", use.title, f"{reverse('segments')}#phases" if kind == "phases" else "")
    what, name = KINDS[kind]
    title = use.title.rpartition(", ")[0] if kind in VERSIONED else use.title
    return UseRow(what, title, reverse(name, args=(rest.partition(":")[0],)))


def of_views(views: ViewUses) -> Iterator[UseRow]:
    """The views that one may open, and how many others there are."""
    for view in views.open:
        href = f"{reverse('accounts')}?view={view.id}"
        whose = "" if view.is_mine else speech.told("of %(owner)s", owner=view.owner)
        yield UseRow(speech.told("View of accounts"), view.name, href, whose)
    if views.others:
        others = speech.counted(
            views.others,
            "%(n)s private view of others",
            "%(n)s private views of others",
            n=words.whole(views.others),
        )
        yield UseRow("", others, "")
