"""The door: people are invited by an administrator, nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from keepwell.access.actions import live
from keepwell.faces.live import digest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth carries no types
    """Closes allauth's sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def logout(self, request: HttpRequest) -> None:
        """End the session, and whatever streams to it."""
        live.end(session=digest(request.session.session_key))
        super().logout(request)
