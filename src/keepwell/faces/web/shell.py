"""The frame around every page: where one can go, who is signed in, light or dark."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from keepwell.access.roles import ROLES

THEMES = ("system", "light", "dark")
PLACES = (
    ("Accounts", "accounts", "accounts", ("account",)),
    ("Segments", "segments", "segments", ("segment",)),
    ("Incidents", "incidents", "incidents", ("incident", "task")),
    (
        "Data",
        "data",
        "data",
        (
            "import",
            "imports",
            "source",
            "data",
            "quality",
            "rejected",
            "rejection",
            "replay",
            "mappings",
            "mapping",
            "undo",
            "record",
            "records",
            "rate",
            "rates",
            "person",
        ),
    ),
    ("Measures", "measures", "measures", ("measure",)),
    ("Proof", "proof", "proofs", ("proof",)),
    ("Settings", "settings", "settings", ("settings", "gallery", "privacy", "certificate")),
)


@dataclass(frozen=True)
class Place:
    """A destination in the rail."""

    title: str
    icon: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Shell:
    """What the frame shows."""

    places: tuple[Place, ...]
    name: str
    email: str
    theme: str
    search: str
    is_demo: bool
    may: frozenset[str]


def theme_of(request: HttpRequest) -> str:
    """The theme chosen on this device; the system's own when none was."""
    chosen = request.COOKIES.get("theme", "system")
    return chosen if chosen in THEMES else "system"


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor; asks the database nothing that the page's sign-in has not asked."""
    here = (request.resolver_match.url_name or "") if request.resolver_match else ""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    may = ROLES[user.role].may if signed_in and user is not None else frozenset()
    places = tuple(
        Place(title, icon, reverse(name), here == name or here.split("-")[0] in family)
        for title, icon, name, family in PLACES
    )
    return {
        "shell": Shell(
            places,
            str(user) if signed_in else "",
            getattr(user, "email", "") if signed_in else "",
            theme_of(request),
            request.GET.get("q", ""),
            settings.DEMO_SIGN_IN,
            may,
        )
    }
