"""The door: people are invited by an administrator, nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from keepwell.access.actions import live, users
from keepwell.access.queries import scopes
from keepwell.faces import clock
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

    def set_password(self, user: Any, password: str) -> None:
        """Their own, changed on the page."""
        by = scopes.of_user(user, through="web")
        users.change_password(user=user, password=password, by=by, at=clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the button is."""
        return reverse("settings")
