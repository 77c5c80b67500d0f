"""The menu of views over the accounts table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.filters import Filters, said
from keepwell.faces.web.queries.saved_views import ViewView
from keepwell.kernel import speech

SHARED = (
    ("private", speech.later("Only me")),
    ("team", speech.later("My teams")),
    ("all", speech.later("Everybody")),
)


@dataclass(frozen=True)
class ViewLink:
    """A view in the menu."""

    title: str
    href: str
    by: str
    is_current: bool
    is_default: bool


@dataclass(frozen=True)
class ViewsMenu:
    """The views, which one is open, whether it was changed since, and what may be done to it."""

    title: str
    id: str
    name: str
    is_changed: bool
    is_mine: bool
    is_default: bool
    links: tuple[ViewLink, ...]
    usual: str
    shared: tuple[Option, ...]
    delete: str
    used: str = ""


def menu(filters: Filters, found: Sequence[ViewView]) -> ViewsMenu:
    """The menu in a state of the list."""
    current = next((view for view in found if str(view.id) == filters.view), None)
    changed = current is not None and current.state != said(filters.state())
    mine = current is not None and current.is_mine
    return ViewsMenu(
        title=f"{current.name}{' (changed)' if changed else ''}" if current else speech.told("Views"),
        id=str(current.id) if current else "",
        name=current.name if current else "",
        is_changed=changed,
        is_mine=mine,
        is_default=bool(current and current.is_default),
        links=tuple(
            ViewLink(
                view.name, f"{reverse('accounts')}?view={view.id}", "" if view.is_mine else view.owner,
                view is current, view.is_default,
            )
            for view in found
        ),
        usual=f"{reverse('accounts')}?view=usual",
        shared=tuple(Option(slug, title, bool(mine and current and current.shared == slug)) for slug, title in SHARED),
        delete=reverse("view-deletion", args=(current.id,)) if current and mine else "",
        used=_used(current) if current and mine else "",
    )  # fmt: skip


def _used(view: ViewView) -> str:
    """Whom it concerns when this view is changed or deleted."""
    if view.opens_for:
        people = words.count(view.opens_for, "other person", "other people")
        return speech.told("The list of %(people)s opens with it.", people=people)
    return {"team": speech.told("Your teams see it."), "all": speech.told("Everybody sees it.")}.get(
        view.shared, ""
    )
