"""The frame around every page: where one can go, who is signed in, light or dark."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from keepwell.access.queries import decisions
from keepwell.access.roles import ROLES
from keepwell.faces.web import places, shortcuts
from keepwell.faces.web.places import Place
from keepwell.faces.web.shortcuts import Shortcut

THEMES = ("system", "light", "dark")
RAILS = ("wide", "narrow")


@dataclass(frozen=True)
class RailPlace:
    """A destination in the rail."""

    title: str
    icon: str
    href: str
    key: str
    is_current: bool
    waits: bool


@dataclass(frozen=True)
class RailGroup:
    """Destinations that belong together."""

    title: str
    places: tuple[RailPlace, ...]
    is_current: bool


@dataclass(frozen=True)
class Shell:
    """What the frame shows; `places` and `keys` are drawn once for each place and language."""

    places: SafeString
    keys: SafeString
    name: str
    email: str
    theme: str
    rail: str
    density: str
    is_demo: bool
    may: frozenset[str]


def chosen(request: HttpRequest, what: str, choices: tuple[str, ...]) -> str:
    """What was chosen on this device, or the first of the choices."""
    said = request.COOKIES.get(what, "")
    return said if said in choices else choices[0]


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor; asks the database nothing that the page's sign-in has not asked."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    may = ROLES[user.role].may if signed_in and user is not None else frozenset()
    preferred = decisions.of(getattr(user, "preferences", {}))
    language = get_language()
    return {
        "shell": Shell(
            places=_places(places.here(request.path), language),
            keys=_keys(language),
            name=str(user) if signed_in else "",
            email=getattr(user, "email", "") if signed_in else "",
            theme=preferred["theme"] or chosen(request, "theme", THEMES),
            density=preferred["density"],
            rail=chosen(request, "rail", RAILS),
            is_demo=settings.DEMO_SIGN_IN,
            may=may,
        )
    }


@cache
def _places(here: Place | None, language: str | None) -> SafeString:
    """The places of the rail, in the language that is on."""
    del language
    at_hand, *groups = (
        RailGroup(
            gettext(group.title) if group.title else "",
            tuple(
                RailPlace(gettext(place.title), place.icon, place.href, place.key, place is here, place.waits)
                for place in group.places
            ),
            here in group.places,
        )
        for group in places.GROUPS
    )
    is_further = any(group.is_current for group in groups) or (here is not None and here.waits)
    shown = {"at_hand": at_hand, "groups": groups, "is_further": is_further}
    return render_to_string("web/rail_places.html", shown)


@cache
def _keys(language: str | None) -> SafeString:
    """What the keyboard does, in the language that is on."""
    del language
    kinds = {"everywhere": shortcuts.EVERYWHERE, "lists": shortcuts.IN_LISTS, "going": shortcuts.going()}
    shown = {
        name: tuple(Shortcut(one.keys, gettext(one.does)) for one in keys) for name, keys in kinds.items()
    }
    return render_to_string("web/keys.html", shown)
