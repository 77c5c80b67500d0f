"""What is asked of a list of a book's accounts: in which state, found by which words, one's own or all that one sees."""

from typing import Any

from django.http import HttpRequest

from keepwell.faces.web.asking import Asking


def asked(request: HttpRequest) -> dict[str, str]:
    """As the address says it."""
    return {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in ("state", "q", "of")}


def offset(request: HttpRequest) -> int:
    """How many rows of the list come before; what is no number is the beginning."""
    said = request.GET.get("offset", "")
    return int(said) if said.isdecimal() and len(said) < 8 else 0


def told(asking: Asking, said: dict[str, str]) -> dict[str, Any]:
    """As a query of the book takes it."""
    mine = asking.seen_by.user_id if said["of"] == "mine" else None
    return {
        "seen_by": asking.seen_by, "day": asking.day, "state": said["state"], "search": said["q"].strip(), "mine": mine,
    }  # fmt: skip
