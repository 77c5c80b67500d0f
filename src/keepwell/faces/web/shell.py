"""The frame around every page: where one can go, who is signed in, light or dark."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from keepwell.access.queries import decisions
from keepwell.access.roles import ROLES
from keepwell.faces.web import places, shortcuts
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


@dataclass(frozen=True)
class RailGroup:
    """Destinations that belong together."""

    title: str
    places: tuple[RailPlace, ...]
    is_current: bool


@dataclass(frozen=True)
class Keys:
    """What the keyboard does: everywhere, in lists, and where it goes."""

    everywhere: tuple[Shortcut, ...]
    lists: tuple[Shortcut, ...]
    going: tuple[Shortcut, ...]


@dataclass(frozen=True)
class Shell:
    """What the frame shows."""

    at_hand: RailGroup
    groups: tuple[RailGroup, ...]
    is_further: bool
    keys: Keys
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
    at_hand, *groups = _groups(request.path)
    return {
        "shell": Shell(
            at_hand=at_hand,
            groups=tuple(groups),
            is_further=any(group.is_current for group in groups),
            keys=Keys(*map(_told, (shortcuts.EVERYWHERE, shortcuts.IN_LISTS, shortcuts.going()))),
            name=str(user) if signed_in else "",
            email=getattr(user, "email", "") if signed_in else "",
            theme=preferred["theme"] or chosen(request, "theme", THEMES),
            density=preferred["density"],
            rail=chosen(request, "rail", RAILS),
            is_demo=settings.DEMO_SIGN_IN,
            may=may,
        )
    }


def _groups(path: str) -> list[RailGroup]:
    here = places.here(path)
    return [
        RailGroup(
            gettext(group.title) if group.title else "",
            tuple(
                RailPlace(gettext(place.title), place.icon, place.href, place.key, place is here)
                for place in group.places
            ),
            here in group.places,
        )
        for group in places.GROUPS
    ]


def _told(keys: tuple[Shortcut, ...]) -> tuple[Shortcut, ...]:
    return tuple(Shortcut(one.keys, gettext(one.does)) for one in keys)
